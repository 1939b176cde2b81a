package dev.weir.ml.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.digest.Digest;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.RealTables;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

class RealTablesTest {
    @TempDir Path folder;
    private DuckDb duckDb;

    @BeforeEach
    void engine() {
        duckDb = new DuckDb(folder.resolve("scratch"), 2);
    }

    private Sniffer.Sniffed sniff(String name, String source) {
        Path file = RealTables.file(name);
        ObjectNode said = (ObjectNode) new JsonMapper().readTree(source);
        said.put("file", name);
        return new Sniffer(duckDb).sniff(List.of(file), said);
    }

    private List<List<String>> read(String name, Sniffer.Sniffed sniffed) throws Exception {
        Path out = folder.resolve("out.parquet");
        Tables.Ingested done =
                new Tables(duckDb)
                        .ingest(
                                List.of(RealTables.file(name)),
                                sniffed.format(),
                                sniffed.schema(),
                                out);
        assertThat(done.rows()).isEqualTo(sniffed.rows());
        List<List<String>> rows = new ArrayList<>();
        try (DuckDb.Session session = duckDb.open()) {
            session.each(
                    "select * from " + DuckDb.parquet(out, false),
                    row -> {
                        List<String> cells = new ArrayList<>();
                        for (int c = 1; c <= sniffed.schema().columns().size(); c++) {
                            cells.add(String.valueOf(row.getObject(c)));
                        }
                        rows.add(cells);
                    });
        }
        return rows;
    }

    private static String types(Sniffer.Sniffed sniffed) {
        return sniffed.schema().columns().stream()
                .map(c -> c.type().name())
                .collect(Collectors.joining(" "));
    }

    @Test
    void findsMissingValuesOfAdult() throws Exception {
        Sniffer.Sniffed adult = sniff("adult/adult.csv", "{}");
        assertThat(adult.rows()).isEqualTo(32_561);
        assertThat(adult.guesses())
                .containsExactly("\"?\" read as missing in workclass, occupation, native_country");
        assertThat(types(adult))
                .isEqualTo(
                        "BIGINT VARCHAR BIGINT VARCHAR BIGINT VARCHAR VARCHAR VARCHAR VARCHAR"
                                + " VARCHAR BIGINT BIGINT BIGINT VARCHAR VARCHAR");
        assertThat(adult.format().json("data/adult.csv"))
                .hasToString("{\"file\":\"data/adult.csv\",\"null\":[\"\",\"?\"]}");
        assertThat(TableFormat.of(adult.format().json("data/adult.csv"))).isEqualTo(adult.format());
        List<List<String>> rows = read("adult/adult.csv", adult);
        assertThat(rows.stream().filter(r -> r.contains("null")).count()).isEqualTo(2_399);
    }

    @Test
    void readsRawAdultAsTheCleanOne() throws Exception {
        List<List<String>> clean = read("adult/adult.csv", sniff("adult/adult.csv", "{}"));
        Sniffer.Sniffed raw =
                sniff(
                        "adult/adult-train.csv",
                        "{\"names\":[\"age\",\"workclass\",\"fnlwgt\",\"education\",\"education_num\",\"marital_status\",\"occupation\",\"relationship\",\"race\",\"sex\",\"capital_gain\",\"capital_loss\",\"hours_per_week\",\"native_country\",\"income\"]}");
        assertThat(raw.guesses())
                .contains("blanks around values dropped")
                .anySatisfy(g -> assertThat(g).startsWith("\"?\" read as missing"));
        assertThat(read("adult/adult-train.csv", raw)).isEqualTo(clean);
        assertThat(sniff("adult/adult-train.csv", "{}").guesses())
                .contains("no heading: columns named column_1 to column_15");
    }

    @Test
    void readsBothWaysOfDaysInBikeSharing() throws Exception {
        Sniffer.Sniffed hours = sniff("bike-sharing/hour-2011.csv", "{}");
        assertThat(hours.rows()).isEqualTo(8_645);
        assertThat(types(hours)).startsWith("TIMESTAMP BIGINT DATE BIGINT");
        assertThat(hours.guesses()).containsExactly("days in dteday read as month/day/year");
        List<List<String>> rows = read("bike-sharing/hour-2011.csv", hours);
        for (List<String> row : rows) {
            assertThat(row.get(0)).startsWith(row.get(2));
        }
    }

    @Test
    void keepsEveryDigitOfElec2() throws Exception {
        Sniffer.Sniffed elec = sniff("elec2/elec.csv", "{}");
        List<List<String>> rows = read("elec2/elec.csv", elec);
        List<String> lines = Files.readAllLines(RealTables.file("elec2/elec.csv"));
        assertThat(rows).hasSize(45_312);
        List<String> lost = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            String[] cells = lines.get(r + 1).split(",");
            for (int c = 0; c < 6; c++) {
                double read = Double.parseDouble(rows.get(r).get(c));
                if (Double.compare(read, Double.parseDouble(cells[c])) != 0) {
                    lost.add(cells[c] + " became " + read);
                }
            }
        }
        assertThat(lost).isEmpty();
    }

    @Test
    void seesThatWineHasNoHeadingAndNoLastLineEnd() throws Exception {
        Sniffer.Sniffed red = sniff("wine-quality/winequality-red.csv", "{}");
        assertThat(red.rows()).isEqualTo(1_599);
        assertThat(read("wine-quality/winequality-red.csv", red)).hasSize(1_599);
        assertThat(sniff("wine-quality/winequality-white.csv", "{}").rows()).isEqualTo(4_898);
    }

    @Test
    void readsMessagesWithQuotesThatMeanNothing() throws Exception {
        Sniffer.Sniffed sms = sniff("sms-spam/sms.tsv", "{}");
        assertThat(sms.rows()).isEqualTo(5_574);
        assertThat(sms.guesses())
                .contains(
                        "quotes read as characters like any other",
                        "no heading: columns named column_1 to column_2");
        List<List<String>> rows = read("sms-spam/sms.tsv", sms);
        assertThat(rows.stream().filter(r -> r.get(0).equals("spam")).count()).isEqualTo(747);
        assertThat(rows.stream().filter(r -> r.get(1).contains("\"")).count()).isEqualTo(145);
    }

    @Test
    void readsQuotedLineBreaksOfBanking77() throws Exception {
        Sniffer.Sniffed banking = sniff("banking77/train.csv", "{}");
        assertThat(banking.rows()).isEqualTo(10_003);
        assertThat(banking.guesses())
                .containsExactly("the first line read as names: text, category");
        List<List<String>> rows = read("banking77/train.csv", banking);
        assertThat(rows.stream().filter(r -> r.get(0).contains("\n")).count()).isEqualTo(10);
        assertThat(rows.stream().map(r -> r.get(1)).distinct().count()).isEqualTo(77);
    }

    @Test
    void readsGermanCredit() {
        Sniffer.Sniffed german = sniff("german-credit/german.csv", "{}");
        assertThat(german.rows()).isEqualTo(1_000);
        assertThat(german.guesses()).isEmpty();
        assertThat(german.schema().columns()).hasSize(21);
    }

    @Test
    void writesTheSameBytesEveryTimeAndOnAnyNumberOfThreads() throws IOException {
        Path file = RealTables.file("adult/adult.csv");
        Path many = folder.resolve("many.csv");
        String text = Files.readString(file);
        String body = text.substring(text.indexOf('\n') + 1);
        Files.writeString(many, text + body.repeat(9), StandardCharsets.UTF_8);
        Sniffer.Sniffed sniffed =
                new Sniffer(duckDb)
                        .sniff(List.of(many), new JsonMapper().readTree("{\"file\":\"many.csv\"}"));
        List<Digest> digests = new ArrayList<>();
        for (int threads : new int[] {1, 2, 1, 2}) {
            Path out = folder.resolve("out-" + digests.size() + ".parquet");
            new Tables(new DuckDb(folder.resolve("scratch"), threads))
                    .ingest(List.of(many), sniffed.format(), sniffed.schema(), out);
            digests.add(Digest.ofFile(out));
        }
        assertThat(digests).containsOnly(digests.getFirst());
    }
}

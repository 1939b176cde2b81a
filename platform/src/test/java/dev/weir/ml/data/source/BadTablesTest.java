package dev.weir.ml.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.matrix.ColumnFiles;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class BadTablesTest {
    private static final Schema SCHEMA =
            new Schema(
                    List.of(
                            new Column("age", ColumnType.BIGINT),
                            new Column("name", ColumnType.VARCHAR),
                            new Column("score", ColumnType.DOUBLE)));

    @TempDir Path folder;
    private DuckDb duckDb;

    @BeforeEach
    void engine() {
        duckDb = new DuckDb(folder.resolve("scratch"), 1);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private List<Problem> refusal(Path file) {
        return refusal(List.of(file), TableFormat.Csv.DEFAULT);
    }

    private List<Problem> refusal(List<Path> files, TableFormat format) {
        Path out = folder.resolve("out.parquet");
        ProblemException refused =
                catchThrowableOfType(
                        ProblemException.class,
                        () -> new Tables(duckDb).ingest(files, format, SCHEMA, out));
        assertThat(refused).isNotNull();
        assertThat(refused.kind()).isEqualTo(Kind.INPUT);
        assertThat(out).doesNotExist();
        return refused.problems();
    }

    private List<Problem> unsniffable(Path file) {
        ProblemException refused =
                catchThrowableOfType(ProblemException.class, () -> sniff(file, "{}"));
        assertThat(refused).isNotNull();
        assertThat(refused.kind()).isEqualTo(Kind.INPUT);
        return refused.problems();
    }

    private Sniffer.Sniffed sniff(Path file, String source) {
        return new Sniffer(duckDb).sniff(List.of(file), new JsonMapper().readTree(source));
    }

    private static String line(List<Problem> problems) {
        assertThat(problems).hasSize(1);
        String line = problems.getFirst().line();
        return line.substring(line.lastIndexOf('/') + 1);
    }

    private static List<String> lines(List<Problem> problems) {
        return problems.stream()
                .map(p -> p.line().substring(p.line().lastIndexOf('/') + 1))
                .toList();
    }

    @Test
    void noSuchFileAFolderAnEmptyFileAndNoMatch() throws IOException {
        assertThat(line(refusal(folder.resolve("none.csv")))).isEqualTo("none.csv: no such file");
        assertThat(refusal(folder).getFirst().code()).isEqualTo("table.folder");
        assertThat(line(refusal(file("empty.csv", ""))))
                .isEqualTo("empty.csv: an empty file (expected: rows)");
        ProblemException unmatched =
                catchThrowableOfType(
                        ProblemException.class, () -> SourceFiles.of(folder, "data/*.csv"));
        assertThat(unmatched).hasMessage("no file matches data/*.csv (expected: at least one)");
    }

    @Test
    void aGlobGivesItsFilesByName() throws IOException {
        Files.createDirectories(folder.resolve("data/more"));
        Path b = file("data/b.csv", "x\n1\n");
        Path a = file("data/a.csv", "x\n2\n");
        Path c = file("data/more/c.csv", "x\n3\n");
        assertThat(SourceFiles.of(folder, "data/*.csv")).containsExactly(a, b);
        assertThat(SourceFiles.of(folder, "data/**.csv")).containsExactly(a, b, c);
        Sniffer.Sniffed sniffed =
                new Sniffer(duckDb).sniff(List.of(a, b, c), new JsonMapper().readTree("{}"));
        Path out = folder.resolve("out.parquet");
        new Tables(duckDb).ingest(List.of(a, b, c), sniffed.format(), sniffed.schema(), out);
        assertThat(new ColumnFiles(duckDb).doubles(out, List.of("x")).getFirst().values())
                .containsExactly(2, 1, 3);
    }

    @Test
    void aFileWithoutPermission() throws IOException {
        Path secret = file("secret.csv", "age,name,score\n1,a,2\n");
        assertThat(secret.toFile().setReadable(false, false)).isTrue();
        Assumptions.assumeFalse(Files.isReadable(secret), "skipped: root reads everything");
        assertThat(line(refusal(secret))).isEqualTo("secret.csv: no permission to read it");
    }

    @Test
    void aHeadingAlone() throws IOException {
        Path heading = file("heading.csv", "age,name,score\n");
        assertThat(line(refusal(heading)))
                .isEqualTo("heading.csv: no rows (expected: at least one)");
        assertThat(line(unsniffable(heading)))
                .isEqualTo("heading.csv: no rows (expected: at least one)");
    }

    @Test
    void raggedRowsByTheirPhysicalLine() throws IOException {
        Path ragged =
                file("ragged.csv", "age,name,score\n1,\"a\nb\n\",2\n2,b\n3,c,1,x\n\n4,d,1.5\n");
        List<String> expected =
                List.of(
                        "ragged.csv:5: 2 values (expected: 3, as in the other rows)",
                        "ragged.csv:6: 4 values (expected: 3, as in the other rows)");
        assertThat(lines(refusal(ragged))).isEqualTo(expected);
        assertThat(lines(unsniffable(ragged))).isEqualTo(expected);
    }

    @Test
    void noMoreThanTwentyProblems() throws IOException {
        Path ragged = file("ragged.csv", "age,name,score\n" + "1,x\n".repeat(1000));
        assertThat(refusal(ragged)).hasSize(20);
    }

    @Test
    void textThatIsNotUtf8() throws IOException {
        Path latin = folder.resolve("latin.csv");
        Files.writeString(latin, "age,name,score\n1,a,2\n2,Zoë,3\n", Charset.forName("ISO-8859-1"));
        assertThat(line(refusal(latin)))
                .isEqualTo("latin.csv:3:3: byte 0xEB is not UTF-8 (expected: text in UTF-8)");
        Path wide = folder.resolve("wide.csv");
        Files.writeString(wide, "\uFEFFage,name,score\n1,a,2\n", StandardCharsets.UTF_16LE);
        assertThat(line(refusal(wide)))
                .isEqualTo("wide.csv: text in UTF-16 (expected: text in UTF-8)");
    }

    @Test
    void whatIsNoTextIsNamed() throws IOException {
        Path zip = folder.resolve("sheet.csv");
        Files.write(zip, new byte[] {'P', 'K', 3, 4, 0, 0});
        assertThat(line(refusal(zip)))
                .isEqualTo("sheet.csv: a ZIP archive or spreadsheet (expected: text in UTF-8)");
        Path fake = file("fake.parquet", "age,name\n");
        assertThat(refusal(List.of(fake), new TableFormat.Parquet()).getFirst().line())
                .contains("fake.parquet: not a Parquet file that can be read: ");
    }

    @Test
    void aMarkInFrontIsNoPartOfTheFirstName() throws IOException {
        Path marked = file("marked.csv", "\uFEFFage,name,score\n1,a,2\n");
        assertThat(sniff(marked, "{}").schema().names()).containsExactly("age", "name", "score");
    }

    @Test
    void twoColumnsOfOneName() throws IOException {
        Path twice = file("twice.csv", "age,name,Age\n1,a,2\n");
        String expected =
                "twice.csv:1: columns 1 and 3 are both named Age (expected: each name once, in any"
                        + " case)";
        assertThat(line(refusal(twice))).isEqualTo(expected);
        assertThat(line(unsniffable(twice))).isEqualTo(expected);
    }

    @Test
    void valuesThatDoNotFitTheirTypes() throws IOException {
        Path misfit =
                file("misfit.csv", "age,name,score\n1,a,2\nold,b,2.5\n3,\"c,\n\",1e\n4.5,d,\n");
        assertThat(lines(refusal(misfit)))
                .containsExactly(
                        "misfit.csv:3:1: age: \"old\" (expected: BIGINT)",
                        "misfit.csv:4: score: \"1e\" (expected: DOUBLE)",
                        "misfit.csv:6:1: age: \"4.5\" (expected: BIGINT)");
    }

    @Test
    void missingAndExtraColumns() throws IOException {
        assertThat(lines(refusal(file("columns.csv", "age,Name,score,more\n1,a,2,3\n"))))
                .containsExactly(
                        "columns.csv:1: Name: not in the schema (expected: age, name, score)",
                        "columns.csv:1: more: not in the schema (expected: age, name, score)",
                        "columns.csv:1: name: no such column (found: age, Name, score, more)");
    }

    @Test
    void columnsInAnotherOrderAreFoundByName() throws IOException {
        Path other = file("other.csv", "score,age,name\n2.5,1,a\n");
        Path out = folder.resolve("out.parquet");
        new Tables(duckDb).ingest(List.of(other), TableFormat.Csv.DEFAULT, SCHEMA, out);
        assertThat(new ParquetFiles(duckDb).schema(out)).isEqualTo(SCHEMA);
        assertThat(new ColumnFiles(duckDb).doubles(out, List.of("score", "age")))
                .extracting(c -> c.values()[0])
                .containsExactly(2.5, 1.0);
    }

    @Test
    void aQuoteThatDoesNotEnd() throws IOException {
        Path open = file("open.csv", "age,name,score\n1,a,2\n2,\"b,3\n4,c,5\n");
        assertThat(lines(refusal(open)).getFirst())
                .isEqualTo("open.csv:3: a quoted value begins here and does not end");
        Path after = file("after.csv", "age,name,score\n1,\"a\"b,2\n");
        assertThat(line(refusal(after)))
                .isEqualTo(
                        "after.csv:2:4: text after the closing quote of value 2 (expected: the"
                                + " delimiter)");
    }

    @Test
    void parquetWithOtherColumnsOrTypes() throws Exception {
        Path wrong = folder.resolve("wrong.parquet");
        Path nested = folder.resolve("nested.parquet");
        try (DuckDb.Session session = duckDb.open()) {
            session.run(
                    "copy (select 'x' as age, 'n' as name, 1.5::double as score) to "
                            + DuckDb.text(wrong.toString()));
            session.run("copy (select [1, 2] as age) to " + DuckDb.text(nested.toString()));
        }
        assertThat(line(refusal(List.of(wrong), new TableFormat.Parquet())))
                .isEqualTo("wrong.parquet: age: VARCHAR (expected: BIGINT)");
        assertThat(refusal(List.of(nested), new TableFormat.Parquet()).getFirst().message())
                .startsWith("age: type INTEGER[] (expected: bigint, double");
    }

    @Test
    void aParquetFileThatFitsIsHandedOver() throws Exception {
        Path right = folder.resolve("right.parquet");
        try (DuckDb.Session session = duckDb.open()) {
            session.run(
                    "copy (select 1::integer as age, 'n' as name, 1.5::float as score) to "
                            + DuckDb.text(right.toString()));
        }
        Path out = folder.resolve("out.parquet");
        Tables.Ingested done =
                new Tables(duckDb).ingest(List.of(right), new TableFormat.Parquet(), SCHEMA, out);
        assertThat(done.handedOver()).isTrue();
        assertThat(done.parquet()).isEqualTo(right);
        Tables.Ingested both =
                new Tables(duckDb)
                        .ingest(List.of(right, right), new TableFormat.Parquet(), SCHEMA, out);
        assertThat(both.handedOver()).isFalse();
        assertThat(both.rows()).isEqualTo(2);
        assertThat(new ParquetFiles(duckDb).rows(out)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"age\": 1}\n"
                        + "[1]\n"
                        + "|rows.jsonl:2: a JSON array (expected: one object in each line)",
                "{\"age\": 1, \"more\": 2}\n|rows.jsonl:1: more: not in the schema",
                "{\"age\": {\"years\": 1}}\n|rows.jsonl:1: age: a nested value (expected: text,"
                        + " number or boolean)",
                "{\"age\": \"old\"}\n|rows.jsonl:1: age: \"old\" (expected: BIGINT)",
                "{\"age\": 1\n|rows.jsonl:1:"
            })
    void jsonLinesThatAreWrong(String both) throws IOException {
        int bar = both.indexOf('|');
        Path rows = file("rows.jsonl", both.substring(0, bar));
        TableFormat format = new TableFormat.JsonLines(List.of(), DateOrder.YEAR_FIRST);
        assertThat(line(refusal(List.of(rows), format))).startsWith(both.substring(bar + 1));
    }

    @Test
    void jsonLinesAreReadByName() throws IOException {
        Path rows =
                file(
                        "rows.jsonl",
                        "{\"b\": \"007\", \"a\": 1}\n\n{\"a\": 2.5, \"c\": true}\n{\"b\": null}\n");
        Sniffer.Sniffed sniffed = sniff(rows, "{\"file\": \"rows.jsonl\"}");
        assertThat(sniffed.schema().json())
                .hasToString(
                        "{\"columns\":[{\"name\":\"b\",\"type\":\"VARCHAR\"},{\"name\":\"a\",\"type\":\"DOUBLE\"},{\"name\":\"c\",\"type\":\"BOOLEAN\"}]}");
        Path out = folder.resolve("out.parquet");
        new Tables(duckDb).ingest(List.of(rows), sniffed.format(), sniffed.schema(), out);
        assertThat(new ColumnFiles(duckDb).doubles(out, List.of("a")).getFirst().values())
                .containsExactly(1, 2.5, Double.NaN);
        assertThat(new ColumnFiles(duckDb).texts(out, List.of("b")).getFirst().values())
                .containsExactly("007", null, null);
    }

    @Test
    void guessesAreSaidAloud() throws IOException {
        Sniffer.Sniffed sniffed =
                sniff(
                        file(
                                "guess.csv",
                                "zip;when;amount;empty;note\r\n"
                                        + "00501;3/4/2020;1,5;;NA\r\n"
                                        + "90210;NA;2;;x\r\n"),
                        "{}");
        assertThat(sniffed.guesses())
                .containsExactly(
                        "values separated by \";\"",
                        "\"NA\" read as missing in when, note",
                        "when kept as text: its days fit month/day and day/month alike (say dates:"
                                + " month-first or dates: day-first)",
                        "zip kept as text: its numbers have leading zeros",
                        "empty has no value in any row");
        assertThat(sniff(file("one.csv", "x\n1\n\n3\n"), "{}").rows()).isEqualTo(3);
    }

    @Test
    void givenNamesReplaceTheHeading() throws IOException {
        Path file = file("names.csv", "a b,c\n1,x\n2,y\n");
        Sniffer.Sniffed sniffed = sniff(file, "{\"header\": true, \"names\": [\"n\", \"t\"]}");
        assertThat(sniffed.schema().names()).containsExactly("n", "t");
        assertThat(TableFormat.of(sniffed.format().json("names.csv"))).isEqualTo(sniffed.format());
        Path out = folder.resolve("out.parquet");
        new Tables(duckDb).ingest(List.of(file), sniffed.format(), sniffed.schema(), out);
        assertThat(new ColumnFiles(duckDb).texts(out, List.of("t")).getFirst().values())
                .containsExactly("x", "y");
    }

    /** Whatever the bytes, the answer is a table or a problem of a person, never a crash. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void garbageIsReadOrRefused(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        String alphabet = "1290.-+e,;\t\"\n\r ab?N/AéZ:\u0000\\";
        for (int round = 0; round < 40; round++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(1, 200);
            for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (random.nextInt(4) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Path file = folder.resolve("garbage.csv");
            Files.write(file, bytes);
            try {
                Sniffer.Sniffed sniffed = sniff(file, "{}");
                Path out = folder.resolve("garbage.parquet");
                Tables.Ingested done =
                        new Tables(duckDb)
                                .ingest(List.of(file), sniffed.format(), sniffed.schema(), out);
                assertThat(done.rows())
                        .as("seed %d round %d: %s", seed, round, text)
                        .isEqualTo(sniffed.rows());
            } catch (ProblemException e) {
                assertThat(e.kind())
                        .as("seed %d round %d: %s", seed, round, text)
                        .isEqualTo(Kind.INPUT);
            }
        }
    }

    /** A table that is written by the rules is read back value by value. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatIsWrittenByTheRulesIsReadBack(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int rows = random.nextInt(1, 400);
        List<String> texts = new ArrayList<>();
        List<Double> numbers = new ArrayList<>();
        char delimiter = ",;\t|".charAt(random.nextInt(4));
        String end = random.nextBoolean() ? "\n" : "\r\n";
        StringBuilder csv = new StringBuilder("text" + delimiter + "number" + end);
        String alphabet = "ab \"\n,;\t|é€😀'";
        for (int row = 0; row < rows; row++) {
            StringBuilder text = new StringBuilder("x");
            for (int i = random.nextInt(8); i > 0; i--) {
                text.appendCodePoint(
                        alphabet.codePointAt(
                                alphabet.offsetByCodePoints(
                                        0,
                                        random.nextInt(
                                                alphabet.codePointCount(0, alphabet.length())))));
            }
            double number = Double.longBitsToDouble(random.nextLong());
            texts.add(text.toString());
            numbers.add(Double.isNaN(number) ? Double.NaN : number);
            csv.append('"').append(text.toString().replace("\"", "\"\"")).append('"');
            csv.append(delimiter).append(number).append(row == rows - 1 ? "" : end);
        }
        Path file = file("table.csv", csv.toString());
        Sniffer.Sniffed sniffed =
                sniff(
                        file,
                        "{\"delimiter\": \""
                                + (delimiter == '\t' ? "tab" : String.valueOf(delimiter))
                                + "\", \"null\": []}");
        Path out = folder.resolve("table.parquet");
        new Tables(duckDb).ingest(List.of(file), sniffed.format(), sniffed.schema(), out);
        assertThat(new ColumnFiles(duckDb).texts(out, List.of("text")).getFirst().values())
                .as("seed %d", seed)
                .containsExactlyElementsOf(texts);
        assertThat(new ColumnFiles(duckDb).doubles(out, List.of("number")).getFirst().values())
                .as("seed %d", seed)
                .containsExactly(numbers.stream().mapToDouble(Double::doubleValue).toArray());
    }
}

package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.ml.data.RealTables;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class DataDriftTest {
    private static final int DEAD_ROWS = 17_424;

    @TempDir Path folder;

    private void table(String name, int rows, double shift, String city) throws IOException {
        SplittableRandom random = new SplittableRandom(rows);
        StringBuilder csv = new StringBuilder("age,visits,city,day\n");
        for (int i = 0; i < rows; i++) {
            csv.append(40 + 10 * (random.nextGaussian() + shift)).append(',');
            csv.append(random.nextInt(5)).append(',');
            csv.append(i % 10 == 0 ? "" : i % 2 == 0 ? city : "Bern").append(',');
            csv.append("2026-01-").append(String.format("%02d", 1 + i % 28)).append('\n');
        }
        Files.writeString(folder.resolve(name), csv);
    }

    @Test
    void whatMovedIsNamedAndWhatDidNotPasses() throws IOException {
        table("then.csv", 2_000, 0, "Chur");
        table("now.csv", 1_500, 0.8, "Thun");
        Terminal terminal = new Terminal(folder);

        Terminal.Answer answer = terminal.weir("data", "drift", "then.csv", "now.csv", "--json");

        JsonNode columns = answer.exits(1).json().path("columns");
        JsonNode age = columns.path("age");
        assertThat(age.path("type").stringValue()).isEqualTo("numeric");
        assertThat(age.path("rows").path("reference").intValue()).isEqualTo(2_000);
        assertThat(age.path("rows").path("current").intValue()).isEqualTo(1_500);
        assertThat(age.path("bins").path("edges").size()).isEqualTo(9);
        assertThat(age.path("bins").path("current").size()).isEqualTo(10);
        assertThat(age.path("verdict").stringValue()).isEqualTo("fail");
        assertThat(age.path("reason").stringValue()).startsWith("age: psi is ");
        assertThat(age.path("scores").path("wasserstein").path("normalised").doubleValue())
                .isCloseTo(0.8, within(0.1));
        assertThat(age.path("scores").path("unseen_fraction").isNull()).isTrue();
        JsonNode city = columns.path("city");
        assertThat(city.path("type").stringValue()).isEqualTo("categorical");
        assertThat(city.path("verdict").stringValue()).isEqualTo("fail");
        assertThat(city.path("scores").path("unseen_fraction").doubleValue())
                .isCloseTo(0.4 / 0.9, within(0.01));
        assertThat(city.path("scores").path("ks").isNull()).isTrue();
        assertThat(columns.path("visits").path("verdict").stringValue()).isEqualTo("pass");

        String shown = terminal.weir("data", "drift", "then.csv", "now.csv").exits(1).out();
        assertThat(shown)
                .contains("1,500 rows, compared with 2,000 of then.csv", "44.")
                .contains("%");
        assertThat(
                        terminal.weir("data", "drift", "then.csv", "now.csv", "--column", "visits")
                                .exits(0)
                                .out())
                .contains("visits", "pass")
                .doesNotContain("age");
    }

    @Test
    void aTableIsComparedWithWhatWasKeptOfAnother() throws IOException {
        table("then.csv", 2_000, 0, "Chur");
        table("now.csv", 1_500, 0.8, "Thun");
        Terminal terminal = new Terminal(folder);
        terminal.weir("data", "baseline", "then.csv", "--out", "then.baseline.json").exits(0);
        JsonNode kept =
                terminal.weir("data", "drift", "then.baseline.json", "now.csv", "--json")
                        .exits(1)
                        .json();
        JsonNode tables =
                terminal.weir("data", "drift", "then.csv", "now.csv", "--json").exits(1).json();
        assertThat(tables.path("distances").stringValue()).isEqualTo("exact");
        assertThat(kept.path("distances").stringValue()).isEqualTo("sketches");
        for (String column : List.of("age", "visits", "city", "day")) {
            JsonNode one = kept.path("columns").path(column);
            JsonNode other = tables.path("columns").path(column);
            assertThat(one.path("bins")).isEqualTo(other.path("bins"));
            assertThat(one.path("scores").path("psi")).isEqualTo(other.path("scores").path("psi"));
            assertThat(one.path("verdict")).isEqualTo(other.path("verdict"));
        }
        JsonNode ks = kept.path("columns").path("age").path("scores").path("ks");
        assertThat(ks.path("error").doubleValue()).isBetween(0.001, 0.02);
        assertThat(terminal.weir("data", "drift", "then.baseline.json", "now.csv").exits(1).out())
                .contains("from quantile sketches");
    }

    @Test
    void thePageHasAHistogramOfEachColumn() throws IOException {
        table("then.csv", 500, 0, "Chur");
        table("now.csv", 500, 0, "Chur");
        new Terminal(folder)
                .weir("data", "drift", "then.csv", "now.csv", "--html", "drift.html")
                .exits(0);
        assertThat(Files.readString(folder.resolve("drift.html")))
                .contains("<svg", "then.csv", "city", "Scores")
                .doesNotContain("http");
    }

    @Test
    void columnsThatCannotBeComparedAreErrorsAndTheOthersAreStillCompared() throws IOException {
        table("then.csv", 500, 0, "Chur");
        Files.writeString(
                folder.resolve("now.csv"),
                "age,visits,more\n" + "old,1,2\n".repeat(200) + "young,2,3\n".repeat(300));
        JsonNode columns =
                new Terminal(folder)
                        .weir("data", "drift", "then.csv", "now.csv", "--json")
                        .exits(1)
                        .json()
                        .path("columns");
        assertThat(columns.path("age").path("verdict").stringValue()).isEqualTo("error");
        assertThat(columns.path("age").path("reason").stringValue())
                .isEqualTo("age: VARCHAR now (expected: DOUBLE, as in the reference)");
        assertThat(columns.path("city").path("reason").stringValue())
                .isEqualTo("city: no such column now");
        assertThat(columns.path("visits").path("verdict").stringValue()).isEqualTo("fail");
        assertThat(columns.path("more").path("verdict").stringValue()).isEqualTo("skipped");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "then.csv nowhere.csv",
                "then.csv then.csv --column aeg",
                "then.csv then.csv --warn 0.3",
                "then.csv empty.csv",
                "then.csv",
                "then.csv --parts 1",
                "then.csv then.csv --parts 3",
                "then.csv then.csv --normalise median",
                "none.baseline.json then.csv"
            })
    void badInputIsToldAndLeavesWithTwo(String arguments) throws IOException {
        table("then.csv", 500, 0, "Chur");
        Files.createFile(folder.resolve("empty.csv"));
        List<String> words = new ArrayList<>(List.of("data", "drift"));
        words.addAll(List.of(arguments.split(" ")));
        Terminal.Answer answer = new Terminal(folder).weir(words.toArray(String[]::new)).exits(2);
        assertThat(answer.err()).isNotBlank();
    }

    /** The row at which they do is in the description of the table: 17,424, from 0. */
    @ParameterizedTest
    @ValueSource(strings = {"6", "13", "24"})
    void whereInOneTableColumnsComeAliveIsSaid(String parts) throws IOException {
        String elec = RealTables.file("elec2/elec.csv").toAbsolutePath().toString();
        Terminal terminal = new Terminal(folder);
        JsonNode report =
                terminal.weir("data", "drift", elec, "--parts", parts, "--json").exits(1).json();
        assertThat(report.path("parts").size()).isEqualTo(Integer.parseInt(parts));
        for (String dead : List.of("vicprice", "vicdemand", "transfer")) {
            JsonNode column = report.path("columns").path(dead);
            assertThat(column.path("verdict").stringValue()).as(dead).isEqualTo("fail");
            assertThat(column.path("changed").path("row").intValue())
                    .as(dead)
                    .isBetween(DEAD_ROWS - 48, DEAD_ROWS + 48);
            int part = column.path("changed").path("part").intValue();
            assertThat(report.path("parts").get(part).path("to").intValue())
                    .isGreaterThan(DEAD_ROWS);
            assertThat(report.path("parts").get(part - 1).path("from").intValue())
                    .isLessThan(DEAD_ROWS);
        }
        assertThat(report.path("columns").path("period").path("verdict").stringValue())
                .isEqualTo("pass");
        assertThat(terminal.weir("data", "drift", elec, "--parts", parts).exits(1).out())
                .contains("moved from row", "17,4", "vicprice");
    }

    @Test
    void deadColumnsOfElectricityThatComeAliveAreSeen() throws IOException {
        List<String> lines = Files.readAllLines(RealTables.file("elec2/elec.csv"));
        Files.write(folder.resolve("dead.csv"), lines.subList(0, DEAD_ROWS + 1));
        List<String> alive = new ArrayList<>(lines.subList(0, 1));
        alive.addAll(lines.subList(DEAD_ROWS + 1, lines.size()));
        Files.write(folder.resolve("alive.csv"), alive);

        JsonNode columns =
                new Terminal(folder)
                        .weir("data", "drift", "dead.csv", "alive.csv", "--json")
                        .exits(1)
                        .json()
                        .path("columns");

        for (String dead : List.of("vicprice", "vicdemand", "transfer")) {
            assertThat(columns.path(dead).path("verdict").stringValue()).as(dead).isEqualTo("fail");
            assertThat(columns.path(dead).path("scores").path("unseen_fraction").doubleValue())
                    .as(dead)
                    .isGreaterThan(0.9);
        }
        assertThat(columns.path("period").path("verdict").stringValue()).isEqualTo("pass");
    }
}

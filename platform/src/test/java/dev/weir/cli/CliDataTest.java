package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code weir data suggest} and {@code weir data check}, in a folder with no project. */
class CliDataTest {
    @TempDir Path folder;
    private Terminal terminal;

    @BeforeEach
    void table() throws IOException {
        terminal = new Terminal(folder);
        Files.writeString(folder.resolve("shop.csv"), Terminal.shop(300));
    }

    @Test
    void aTablePassesItsOwnSuiteAndASpoiledOneDoesNot() throws IOException {
        terminal.weir("data", "suggest", "shop.csv", "--out", "shop.yaml").exits(0);
        Terminal.Answer good = terminal.weir("data", "check", "shop.csv", "--expect", "shop.yaml");
        assertThat(good.exits(0).out()).startsWith("pass: ").contains("rules hold for 300 rows");

        Files.writeString(
                folder.resolve("bad.csv"),
                Terminal.shop(300).replaceFirst("\n\\d+,[^,]+,", "\n999,Atlantis,"));
        Terminal.Answer bad =
                terminal.weir(
                        "data",
                        "check",
                        "bad.csv",
                        "--expect",
                        "shop.yaml",
                        "--quarantine",
                        "set-aside.parquet",
                        "--html",
                        "report.html");
        assertThat(bad.exits(1).out())
                .contains("city.in")
                .contains("Atlantis")
                .contains("999")
                .contains("set-aside.parquet");
        assertThat(folder.resolve("set-aside.parquet")).isNotEmptyFile();
        assertThat(folder.resolve("report.html"))
                .content()
                .contains("city.in", "Atlantis", "SQL that finds all of them");

        JsonNode json =
                terminal.weir("data", "check", "bad.csv", "--expect", "shop.yaml", "--json")
                        .exits(1)
                        .json();
        assertThat(json.path("verdict").stringValue()).isEqualTo("fail");
        assertThat(json.path("results")).isNotEmpty();
        assertThat(terminal.weir("data", "suggest", "set-aside.parquet").exits(2).err())
                .contains("_failed_rules");
    }

    @Test
    void aTableIsComparedWithAVersionThatTheProjectKeeps() throws IOException {
        terminal.weir("init", "shop", "--data", "shop.csv", "--target", "bought").exits(0);
        Terminal shop = terminal.in("shop");
        shop.weir("run", "ingest-gate").exits(0);
        Files.writeString(folder.resolve("shop/drift.yaml"), "drift: {default: {}}\n");
        List<String> check =
                List.of("data", "check", "../shop.csv", "--expect", "drift.yaml", "--against");
        assertThat(shop.weir(with(check, "dataset:shop@v1")).exits(0).out())
                .contains("rules hold for 300 rows");
        assertThat(shop.weir(with(check, "dataset:shops")).exits(1).out())
                .contains("no dataset shops (found: shop)");
        assertThat(shop.weir(with(check, "dataset:shop@9")).exits(2).err())
                .contains("(expected: dataset:NAME or dataset:NAME@v12)");
    }

    private static String[] with(List<String> words, String last) {
        return Stream.concat(words.stream(), Stream.of(last)).toArray(String[]::new);
    }

    @Test
    void otherTablesAndAnEarlierOneAreNamedOnTheLine() throws IOException {
        Files.writeString(folder.resolve("cities.csv"), "name,zip\nAtlantis,1\n");
        Files.writeString(folder.resolve("old.csv"), Terminal.shop(30));
        Files.writeString(
                folder.resolve("suite.yaml"),
                "columns: {city: {references: cities.name}}\n"
                        + "table: {row_count: {change: {max: 0.5}}}\n");
        Terminal.Answer answer =
                terminal.weir(
                                "data",
                                "check",
                                "shop.csv",
                                "--expect",
                                "suite.yaml",
                                "--dataset",
                                "cities=cities.csv",
                                "--accepted",
                                "old.csv")
                        .exits(1);
        assertThat(answer.out())
                .contains("300 of 300 rows (100%) are not in cities.name, allowed 0")
                .contains("row_count 300, 30 before (expected: a change of at most 50%)");
        assertThat(
                        terminal.weir("data", "check", "shop.csv", "--expect", "suite.yaml")
                                .exits(1)
                                .out())
                .contains("no dataset cities at hand")
                .contains("no accepted version to compare with");
    }

    @Test
    void whatCannotBeReadIsToldWithItsPlace() throws IOException {
        Files.writeString(folder.resolve("suite.yaml"), "columns: {city: {regx: a}}\n");
        assertThat(
                        terminal.weir("data", "check", "shop.csv", "--expect", "suite.yaml")
                                .exits(2)
                                .err())
                .contains("suite.yaml:1:18", "regx", "Did you mean regex?");
        assertThat(
                        terminal.weir("data", "check", "none.csv", "--expect", "suite.yaml")
                                .exits(2)
                                .err())
                .contains("suite.yaml");
        assertThat(terminal.weir("data", "suggest", "none.csv").exits(2).err())
                .contains("none.csv");
        Files.writeString(folder.resolve("empty.jsonl"), "{\"a\": {\"b\": {\"c\": 1}}}\n");
        assertThat(terminal.weir("data", "suggest", "empty.jsonl").exits(2).err()).contains("a");
    }

    @Test
    void aRunHoldsATableAgainstTheLastAcceptedVersionAtTheGate() throws IOException {
        terminal.weir("init", "shop", "--data", "shop.csv", "--target", "bought").exits(0);
        Path suite = folder.resolve("shop/expectations/shop.yaml");
        String text = Files.readString(suite);
        Files.writeString(
                suite,
                text.replaceFirst("row_count: \\{min: \\d+}", "row_count: {change: {max: 0.2}}"));
        Terminal project = terminal.in("shop");
        project.weir("run").exits(0);
        Files.writeString(folder.resolve("shop.csv"), Terminal.shop(200));
        Terminal.Answer second = project.weir("run").exits(1);
        assertThat(second.out() + second.err()).contains("table.row_count.change");
    }
}

package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What people do to {@code weir data} and {@code weir evaluate} without meaning to. */
class DataBadInputTest {
    @TempDir Path folder;
    private Terminal terminal;

    @BeforeEach
    void table() throws IOException {
        terminal = new Terminal(folder);
        Files.writeString(folder.resolve("shop.csv"), Terminal.shop(300));
        Files.writeString(folder.resolve("suite.yaml"), "columns: {age: {max: 20}}\n");
        Files.writeString(folder.resolve("bad.parquet"), "PAR1 and no more than that");
        Files.createDirectory(folder.resolve("folder"));
    }

    private Terminal.Answer weir(String line) {
        return terminal.weir(line.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data check shop.csv --expect suite.yaml --html folder|a folder (expected: a file",
                "data check shop.csv --expect suite.yaml --html no/x.html|its folder is not there",
                "data check shop.csv --expect suite.yaml --html shop.csv|is read by this command",
                "data check shop.csv --expect suite.yaml --html suite.yaml|is read by this command",
                "data check shop.csv --expect suite.yaml --quarantine folder|a folder",
                "data check shop.csv --expect suite.yaml --quarantine no/q.parquet|not there",
                "data check shop.csv --expect suite.yaml --accepted bad.parquet|not a Parquet file",
                "data check shop.csv --expect suite.yaml --dataset a=bad.parquet|not a Parquet"
                        + " file",
                "data check shop.csv --expect suite.yaml --dataset =shop.csv|\"\" (expected:"
                        + " another",
                "data check shop.csv --expect suite.yaml --dataset Dataset=shop.csv|another name",
                "data check shop.csv --expect suite.yaml --dataset weir_accepted=shop.csv|another",
                "data suggest shop.csv --out folder|a folder (expected: a file to write)",
                "data suggest shop.csv --out no/suite.yaml|its folder is not there",
                "data suggest shop.csv --out shop.csv|is read by this command",
                "data suggest /dev/null|a pipe or a device (expected: a file)",
                "data baseline shop.csv --out no/shop.baseline.json|its folder is not there",
                "data drift shop.csv shop.csv --html folder|a folder (expected: a file to write)",
                "evaluate shop.csv --truth bought --score age --threshold NaN|expected: a number"
            })
    void aMistakeIsToldBeforeAnythingIsDone(String line, String told) {
        assertThat(weir(line).exits(2).err()).contains(told);
        assertThat(folder.resolve("shop.csv")).content().isEqualTo(Terminal.shop(300));
    }

    @Test
    void whatWasSetAsideBeforeIsReplaced() throws IOException {
        String line = "data check shop.csv --expect suite.yaml --quarantine q.parquet";
        weir(line).exits(1);
        byte[] first = Files.readAllBytes(folder.resolve("q.parquet"));
        weir(line).exits(1);
        assertThat(folder.resolve("q.parquet")).hasBinaryContent(first);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString())).doesNotContain("tmp_q.parquet");
        }
    }

    @Test
    void aTableWithTheNameOfARowsNumberIsRefused() throws IOException {
        Files.writeString(folder.resolve("t.csv"), "Weir_Row,age\n7,1\n8,30\n");
        assertThat(weir("data check t.csv --expect suite.yaml").exits(2).err())
                .contains("Weir_Row (expected: another name of a column)");
    }

    @Test
    void aStrangersValuesMoveNoCursor() throws IOException {
        Files.writeString(
                folder.resolve("t.csv"),
                "age,\"na\nme\"\n1,\"a\u001b[2J\u0007\u009b31m\nb\"\n2,\u001b[31mred\n");
        Files.writeString(
                folder.resolve("s.yaml"), "columns: {\"na\\nme\": {in: [x]}, age: {max: 1}}\n");
        Terminal.Answer answer = weir("data check t.csv --expect s.yaml").exits(1);
        assertThat(answer.out()).contains("na\\nme.in", "a\\u001b[2J\\u0007\\u009b31m\\nb");
        assertThat(answer.out()).doesNotContain("\u001b", "\u0007", "\u009b");
        assertThat(weir("evaluate t.csv --truth no\u001b[2Jne --score age").exits(2).err())
                .contains("no\\u001b[2Jne");
    }

    @Test
    void aTableOfManyColumnsIsWithinTheMemoryOfTheEngine() throws IOException {
        String names =
                IntStream.range(0, 700).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String row =
                IntStream.range(0, 700).mapToObj(i -> "" + i % 7).collect(Collectors.joining(","));
        Files.writeString(folder.resolve("wide.csv"), names + "\n" + (row + "\n").repeat(3));
        weir("data suggest wide.csv --out wide.yaml").exits(0);
        weir("data check wide.csv --expect wide.yaml").exits(0);
    }

    @Test
    void aLongPatternOrValueDoesNotFillTheScreen() throws IOException {
        Files.writeString(folder.resolve("t.csv"), "age\n" + "😀".repeat(5_000) + "\nx\n");
        String pattern = "^(" + "a|".repeat(5_000) + "b)$";
        Files.writeString(folder.resolve("s.yaml"), "columns: {age: {regex: '" + pattern + "'}}\n");
        assertThat(weir("data check t.csv --expect s.yaml").exits(1).out()).hasSizeLessThan(1_500);
        assertThat(weir("data check t.csv --expect s.yaml --json").exits(1).out())
                .doesNotContain("?");
    }

    @Test
    void aSuiteNestedWithoutEndIsRefused() throws IOException {
        Files.writeString(folder.resolve("s.yaml"), "[".repeat(200_000));
        assertThat(weir("data check shop.csv --expect s.yaml").exits(2).err())
                .contains("s.yaml", "nested too deeply");
    }
}

package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

class ScreenTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Screen screen(boolean colours) {
        PrintStream stream = new PrintStream(out, true, UTF_8);
        return new Screen(stream, stream, colours, Path.of("/somewhere"));
    }

    @Test
    void columnsAreAsWideAsTheirWidestCellWhateverItsColour() {
        Screen screen = screen(true);
        screen.table(
                List.of("step", "outcome", "why"),
                List.of(
                        List.of("ingest", screen.green("hit"), "known"),
                        List.of("a", screen.yellow("depends"), "later")));
        assertThat(out.toString(UTF_8).replaceAll("\u001b\\[[0-9;]*m", ""))
                .isEqualTo(
                        """
                        step    outcome  why
                        ingest  hit      known
                        a       depends  later
                        """);
        assertThat(out.toString(UTF_8)).contains("\u001b[32mhit\u001b[0m");
    }

    @Test
    void aColumnWithoutACellIsLeftOut() {
        screen(false)
                .table(
                        List.of("a", "empty", "b"),
                        List.of(List.of("1", "", "2"), List.of("3", "", "")));
        assertThat(out.toString(UTF_8)).isEqualTo("a  b\n1  2\n3\n");
    }

    @Test
    void sizesAndLongTextsAreShortened() {
        assertThat(Screen.size(12)).isEqualTo("12 bytes");
        assertThat(Screen.size(3 << 19)).isEqualTo("1.5 MiB");
        assertThat(screen(false).cut("short")).isEqualTo("short");
        assertThat(screen(false).cut("x".repeat(200))).hasSize(80).endsWith("…");
        assertThat(screen(false).cut("one\ntwo")).isEqualTo("one");
    }
}

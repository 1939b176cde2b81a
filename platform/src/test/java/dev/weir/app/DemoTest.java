package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.cli.Screen;
import dev.weir.cli.Weir;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells the whole story of {@code weir demo}, as a person sees it. The command itself holds every
 * answer against what it promises, so that this is the first thread from end to end.
 */
class DemoTest {
    @TempDir Path temp;

    @Test
    void tellsTheWholeStoryAndLeavesAProjectToGoOnWith() {
        Told told = weir("demo", "shop");

        assertThat(told.exitCode()).as(told.text()).isZero();
        assertThat(told.text())
                .containsSubsequence(
                        "$ weir init returns",
                        "returns:1 registered, in staging",
                        "4 cached",
                        "(exit code 1)",
                        "(exit code 4)",
                        "returns:2 registered, in staging",
                        "$ weir rollback returns",
                        "R0",
                        "$ weir store verify",
                        "Go on from here");
        assertThat(temp.resolve("shop/returns/weir.yaml")).exists();
    }

    @Test
    void goesOverNobodysFiles() throws IOException {
        Files.writeString(temp.resolve("mine.txt"), "mine");

        Told told = weir("demo", ".");

        assertThat(told.exitCode()).isEqualTo(2);
        assertThat(told.text()).contains("is not empty (expected: a new folder)");
        assertThat(temp).isDirectoryNotContaining("glob:**orders.csv");
    }

    private Told weir(String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, UTF_8);
        int exitCode = Weir.run(new Wiring(temp), new Screen(out, out, false, temp), arguments);
        return new Told(exitCode, bytes.toString(UTF_8));
    }

    private record Told(int exitCode, String text) {}
}

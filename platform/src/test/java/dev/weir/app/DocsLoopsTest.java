package dev.weir.app;

import dev.weir.cli.Terminal;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs what the pages on sweeps and on reproduction show, as {@link DocsChecksTest} does, in the
 * project that {@code weir init} makes of {@link Terminal#shop}.
 */
class DocsLoopsTest {
    private static final int SHOP = 800;

    @TempDir Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"reproduction", "sweeps"})
    void aPageShowsWhatTheCommandsSay(String name) throws IOException {
        Files.writeString(temp.resolve("shop.csv"), Terminal.shop(SHOP));
        Terminal home = new Terminal(temp);
        home.weir("init", "shop", "--data", "shop.csv", "--target", "bought").exits(0);
        DocsChecksTest.requireTrue(
                MarkdownPage.repository().resolve("docs/" + name + ".md"),
                home.in("shop"),
                MarkdownPage::loosely);
    }
}

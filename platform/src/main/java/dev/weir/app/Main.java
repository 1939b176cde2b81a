package dev.weir.app;

import dev.weir.cli.Screen;
import dev.weir.cli.Weir;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** The program. */
public final class Main {
    /**
     * What the launcher passes to have classes recorded: of everyday commands, or of the server.
     */
    private static final String AOT_TRAINING = "--aot-training";

    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 2 && arguments[0].equals(AOT_TRAINING)) {
            if (arguments[1].equals("server")) {
                AotServerTraining.run();
            } else {
                AotTraining.run();
            }
            return;
        }
        System.exit(run(Path.of("").toAbsolutePath(), arguments));
    }

    /** Runs one command as if the person were in {@code folder}. */
    static int run(Path folder, String... arguments) {
        Console console = System.console();
        boolean colours =
                console != null && console.isTerminal() && System.getenv("NO_COLOR") == null;
        Screen screen = new Screen(utf8(System.out), utf8(System.err), colours, folder);
        return Weir.run(new Wiring(folder), screen, arguments);
    }

    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    /** {@code 0.1.0 (commit 1a2b3c4)}, as the build wrote it down. */
    static String version() {
        try (InputStream in =
                Objects.requireNonNull(Main.class.getResourceAsStream("version.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

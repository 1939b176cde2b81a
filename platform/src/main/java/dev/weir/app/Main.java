package dev.weir.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The program: {@code weir COMMAND}. */
@Command(
        name = "weir",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description =
                "From a table to a model in production, with a gate between every two stages.")
public final class Main implements Runnable {
    /** What the launcher passes to have the classes of everyday commands recorded. */
    private static final String AOT_TRAINING = "--aot-training";

    private Main() {}

    public static void main(String[] args) {
        if (args.length == 1 && args[0].equals(AOT_TRAINING)) {
            run("--version");
            run("--help");
            return;
        }
        System.exit(run(args));
    }

    private static int run(String... args) {
        return new CommandLine(new Main()).execute(args);
    }

    /** Without a command: what there is. */
    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    /** {@code weir 0.1.0 (commit 1a2b3c4)}, as the build wrote it down. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            try (InputStream in =
                    Objects.requireNonNull(Main.class.getResourceAsStream("version.txt"))) {
                String built = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
                return new String[] {"weir " + built};
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.app.Wiring;
import dev.weir.base.digest.Digest;
import dev.weir.store.ledger.Actor;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A person at a terminal in some folder: commands run in this process, as the program runs them.
 */
public record Terminal(Path folder, Clock clock, Optional<Actor> acting) {

    private static final List<String> OWN = List.of(".git/", ".weir/weir.db", ".weir/blobs/");

    /** What a command answered. */
    public record Answer(int exit, String out, String err) {
        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }

        /** Fails where the exit code is another, showing what was said. */
        public Answer exits(int code) {
            assertThat(exit)
                    .as("exit code of a command that said:%n%s%n%s", out, err)
                    .isEqualTo(code);
            assertThat(out + err).as("what a person sees").doesNotContain("\tat dev.weir");
            return this;
        }
    }

    public Terminal(Path folder) {
        this(folder, Clock.systemUTC());
    }

    public Terminal(Path folder, Clock clock) {
        this(folder, clock, Optional.empty());
    }

    /** The same folder, where another person sits. */
    Terminal as(String actor) {
        return new Terminal(folder, clock, Optional.of(Actor.parse(actor)));
    }

    public Terminal in(String below) {
        return new Terminal(folder.resolve(below), clock, acting);
    }

    public Answer weir(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = weir(out, err, arguments);
        return new Answer(exit, out.toString(UTF_8), err.toString(UTF_8));
    }

    int weir(ByteArrayOutputStream out, ByteArrayOutputStream err, String... arguments) {
        Screen screen =
                new Screen(
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        false,
                        folder);
        return Weir.run(new Wiring(folder, clock, acting), screen, arguments);
    }

    /** Replaces a text in a file of the folder. */
    void edit(String file, String from, String to) {
        Path path = folder.resolve(file);
        try {
            String text = Files.readString(path);
            assertThat(text).as(file).contains(from);
            Files.writeString(path, text.replace(from, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A project as it stands, in another place, with its store and its history. */
    public Terminal copied(Path to) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(folder.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Terminal(to, clock);
    }

    /**
     * Every file below the folder with its content: what a person has, and the logs. Not the
     * database's own files, and not blobs, of which one more changes nothing.
     */
    List<String> everything() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(folder::relativize)
                    .filter(file -> OWN.stream().noneMatch(file.toString()::startsWith))
                    .map(file -> file + " " + hash(folder.resolve(file)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(Path file) {
        try {
            return Digest.ofFile(file).hex();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A table with a pattern in it: columns age, city, visits and bought. */
    public static String shop(int rows) {
        SplittableRandom random = new SplittableRandom(11);
        StringBuilder csv = new StringBuilder("age,city,visits,bought\n");
        for (int i = 0; i < rows; i++) {
            int age = random.nextInt(18, 80);
            String city = List.of("Bern", "Oslo", "Rome").get(random.nextInt(3));
            int visits = random.nextInt(0, 30);
            double lean = visits / 15.0 + (city.equals("Oslo") ? 0.6 : 0) + random.nextDouble();
            csv.append(age).append(',').append(city).append(',').append(visits).append(',');
            csv.append(lean > 1.6 ? "yes" : "no").append('\n');
        }
        return csv.toString();
    }
}

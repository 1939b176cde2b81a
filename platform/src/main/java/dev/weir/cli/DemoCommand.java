package dev.weir.cli;

import dev.weir.base.problem.Problem;
import dev.weir.project.Demo;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * {@code weir demo}: tells the story of {@link Demo}, with real commands in this process. It stops
 * at the first thing that does not go as told.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the whole loop on an example project that it makes: init, run, a gate that says"
                    + " no, promotion, rollback, reproduction.",
            "The project is left there, to go on with. Takes less than a minute."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  weir demo", "  weir demo ../bike-shop"})
final class DemoCommand implements Callable<Integer> {
    private static final int WIDTH = 96;

    private final Services services;
    private final Screen screen;

    @Parameters(
            arity = "0..1",
            paramLabel = "FOLDER",
            description = "A new folder for the example; else a temporary one.")
    @Nullable Path folder;

    @Option(names = "--debug", description = "Show the stack trace of a defect.")
    boolean debug;

    private int chapter;

    DemoCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        Demo demo = Demo.in(place());
        List<Demo.Act> story = Demo.story();
        long chapters = story.stream().filter(a -> a instanceof Demo.Act.Chapter).count();
        say("This makes an example project in " + demo.folder() + " and leaves it there.");
        Path here = demo.folder();
        for (Demo.Act act : story) {
            switch (act) {
                case Demo.Act.Chapter(String title, String told) -> {
                    heading(title, chapters);
                    say(told);
                }
                case Demo.Act.Look(String file, int lines) -> look(here, file, lines);
                case Demo.Act.Enter(String into) -> {
                    prompt("cd " + into);
                    here = here.resolve(into);
                }
                case Demo.Act.Command command -> {
                    int exitCode = performed(command, here);
                    if (exitCode != 0) {
                        return exitCode;
                    }
                }
                case Demo.Act.Edit edit -> diff(edit.file(), demo.edit(edit));
                case Demo.Act.Back back -> diff(back.file(), demo.back(back));
                case Demo.Act.Lesson(String told) -> lesson(told);
            }
        }
        next(here);
        return 0;
    }

    private Path place() {
        if (folder != null) {
            return services.folder().resolve(folder).normalize();
        }
        try {
            return Files.createTempDirectory("weir-demo-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs one command of the story; 0 where it ended as told. */
    private int performed(Demo.Act.Command command, Path here) {
        String line = "weir " + String.join(" ", command.words());
        prompt(line);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream both =
                new PrintStream(new Both(screen.out(), said), true, StandardCharsets.UTF_8);
        int exitCode =
                Weir.run(
                        services.in(here),
                        new Screen(both, both, screen.interactive(), here),
                        command.words().toArray(String[]::new));
        List<String> wrong = wrong(command, exitCode, said.toString(StandardCharsets.UTF_8));
        if (wrong.isEmpty()) {
            if (exitCode != 0) {
                screen.say(screen.dim("(exit code " + exitCode + ")"));
            }
            screen.say("");
            return 0;
        }
        Problem problem =
                Problem.defect(
                                "demo.otherwise",
                                "the demo did not go as told: " + line + " " + wrong.getFirst())
                        .hint("weir doctor looks for what may be wrong on this machine.");
        screen.problems(List.of(problem));
        return exitCode == 0 || exitCode == command.exitCode()
                ? problem.kind().exitCode()
                : exitCode;
    }

    private static List<String> wrong(Demo.Act.Command command, int exitCode, String said) {
        List<String> wrong = new ArrayList<>();
        if (exitCode != command.exitCode()) {
            wrong.add("ended with %d (expected: %d)".formatted(exitCode, command.exitCode()));
        }
        String plain = Screen.plain(said);
        command.shows().stream()
                .filter(text -> !plain.contains(text))
                .forEach(text -> wrong.add("did not say \"" + text + "\""));
        command.silentOn().stream()
                .filter(plain::contains)
                .forEach(text -> wrong.add("said \"" + text + "\""));
        return wrong;
    }

    private void heading(String title, long chapters) {
        chapter++;
        String text = "── %d of %d: %s ".formatted(chapter, chapters, title);
        screen.say(screen.bold(text + "─".repeat(WIDTH - text.length())));
        screen.say("");
    }

    private void say(String told) {
        wrapped(told, WIDTH).forEach(screen::say);
        screen.say("");
    }

    private void lesson(String told) {
        List<String> lines = wrapped(told, WIDTH - 2);
        for (int i = 0; i < lines.size(); i++) {
            screen.say((i == 0 ? screen.bold("→ ") : "  ") + lines.get(i));
        }
        screen.say("");
    }

    private void prompt(String command) {
        screen.say(screen.bold("$ " + command));
    }

    private void look(Path here, String file, int lines) {
        try {
            List<String> all = Files.readAllLines(here.resolve(file));
            boolean whole = all.size() <= lines;
            prompt(whole ? "cat " + file : "head -n " + lines + " " + file);
            all.stream().limit(lines).forEach(screen::say);
            screen.say("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void diff(String file, List<Demo.Changed> lines) {
        screen.say(screen.bold("edit " + file));
        for (Demo.Changed line : lines) {
            screen.say(screen.dim("@@ line " + line.number()));
            screen.say(screen.red("- " + line.before()));
            screen.say(screen.green("+ " + line.after()));
        }
        screen.say("");
    }

    private void next(Path project) {
        screen.say(screen.bold("Go on from here"));
        screen.say("");
        screen.say("  cd " + project);
        screen.say(
                "  weir models show " + Demo.PROJECT + "@production   # the recipe, link by link");
        screen.say("  weir runs list                        # all that was run, and its logs");
        screen.say("  weir doctor                           # is this machine well set up?");
        screen.say("");
        say("Or with a table of your own: weir init FOLDER --data FILE --target COLUMN");
    }

    /** Words in lines of at most so many characters. */
    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        return Stream.concat(lines.stream(), Stream.of(line.toString())).toList();
    }

    /** Writes to a person and to a note of it. */
    private static final class Both extends OutputStream {
        private final OutputStream person;
        private final OutputStream note;

        Both(OutputStream person, OutputStream note) {
            this.person = person;
            this.note = note;
        }

        @Override
        public void write(int b) throws IOException {
            person.write(b);
            note.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            person.write(bytes, from, length);
            note.write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            person.flush();
            note.flush();
        }
    }
}

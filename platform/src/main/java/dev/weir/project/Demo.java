package dev.weir.project;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The story that {@code weir demo} tells: a bike shop wants to know which orders will come back.
 * Here is what happens, act by act, and how each must end; who tells it runs the commands and shows
 * what they say.
 *
 * <p>Start at {@link #story}. {@link #edit} and {@link #back} do what a person would do in an
 * editor.
 */
public final class Demo {
    /** The project that the story makes, in a folder of this name. */
    public static final String PROJECT = "returns";

    /** The table that it starts from. */
    public static final String TABLE = "orders.csv";

    private static final long SEED = 3;
    private static final String PIPELINE = "pipelines/" + PROJECT + ".yaml";
    private static final String CONFIG = "configs/training/" + PROJECT + ".yaml";

    /** One thing that happens. */
    public sealed interface Act {
        /** A new chapter, and what it is about. */
        record Chapter(String title, String told) implements Act {}

        /**
         * A file of the story is looked at.
         *
         * @param file from where the person is
         * @param lines how many of its first lines
         */
        record Look(String file, int lines) implements Act {}

        /** From here on the person is in the project's folder. */
        record Enter(String folder) implements Act {}

        /**
         * A command of Weir.
         *
         * @param words as the person types them after {@code weir}
         * @param exitCode how it must end
         * @param shows what it must say
         * @param silentOn what it must not say
         */
        record Command(List<String> words, int exitCode, List<String> shows, List<String> silentOn)
                implements Act {}

        /**
         * A change in a file of the project.
         *
         * @param from the place that changes, as a regular expression
         * @param to what stands there afterwards
         */
        record Edit(String file, String from, String to) implements Act {}

        /** The last change of a file is undone. */
        record Back(String file) implements Act {}

        /** What to understand of what was just seen. */
        record Lesson(String told) implements Act {}
    }

    /**
     * A line of a file that was changed.
     *
     * @param number from 1
     */
    public record Changed(int number, String before, String after) {}

    private final Path folder;
    private final Map<String, String> before = new HashMap<>();

    private Demo(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes the folder and the table in it.
     *
     * @throws ProblemException of kind {@code INPUT} where something is in the folder already
     */
    public static Demo in(Path folder) {
        try {
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(folder)) {
                if (files.findAny().isPresent()) {
                    throw Problem.input(
                                    "demo.folder",
                                    folder + " is not empty (expected: a new folder)")
                            .hint("Choose another name; without one, a temporary folder is made.")
                            .exception();
                }
            }
            Files.writeString(folder.resolve(TABLE), BikeShop.csv(SEED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Demo(folder);
    }

    /** Where the story takes place. */
    public Path folder() {
        return folder;
    }

    /** What the person writes into a file; the lines that differ afterwards. */
    public List<Changed> edit(Act.Edit edit) {
        String text = read(edit.file());
        Matcher place = Pattern.compile(edit.from()).matcher(text);
        if (!place.find()) {
            throw Problem.defect(
                            "demo.edit", "%s: nothing like %s".formatted(edit.file(), edit.from()))
                    .exception();
        }
        before.put(edit.file(), text);
        return write(edit.file(), text, place.replaceFirst(Matcher.quoteReplacement(edit.to())));
    }

    /** Undoes the last change of a file; the lines that differ afterwards. */
    public List<Changed> back(Act.Back back) {
        String old = before.get(back.file());
        if (old == null) {
            throw new IllegalArgumentException(back.file() + " was not changed");
        }
        return write(back.file(), read(back.file()), old);
    }

    private Path path(String file) {
        return folder.resolve(PROJECT).resolve(file);
    }

    private String read(String file) {
        try {
            return Files.readString(path(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Changed> write(String file, String from, String to) {
        try {
            Files.writeString(path(file), to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> old = from.lines().toList();
        List<String> now = to.lines().toList();
        List<Changed> changed = new ArrayList<>();
        for (int i = 0; i < Math.min(old.size(), now.size()); i++) {
            if (!old.get(i).equals(now.get(i))) {
                changed.add(new Changed(i + 1, old.get(i), now.get(i)));
            }
        }
        return changed;
    }

    private static Act.Command passes(String command, String... shows) {
        return ends(command, 0, shows);
    }

    private static Act.Command ends(String command, int exitCode, String... shows) {
        return new Act.Command(List.of(command.split(" ")), exitCode, List.of(shows), List.of());
    }

    /** What happens, in its order. */
    public static List<Act> story() {
        return List.of(
                new Act.Chapter(
                        "A table",
                        "A bike shop wants to know, when an order comes in, whether the bike will"
                                + " be sent back. All there is at first is a table of 5,000"
                                + " orders (made up, for this demo)."),
                new Act.Look(TABLE, 4),
                new Act.Chapter(
                        "A project",
                        "`init` looks at the table, says what it guesses, trains once to see what"
                                + " can be reached, and writes a git repository."),
                passes(
                        "init " + PROJECT + " --data " + TABLE + " --target " + BikeShop.TARGET,
                        "closed_as tells returned",
                        "is ready"),
                new Act.Lesson(
                        "`closed_as` is known only after the bike came back. A model that sees it"
                                + " looks perfect and is useless, so `init` keeps it away from"
                                + " the model. Read what it says: it knows the table, you know"
                                + " the shop."),
                new Act.Enter(PROJECT),
                new Act.Look(PIPELINE, 40),
                new Act.Lesson(
                        "One file for one model: what it predicts, from which table, how it is"
                                + " trained, and under `validate` the gate that it must pass."),
                new Act.Chapter(
                        "A plan and a run",
                        "`plan` says what a run would do, and why, and does nothing."),
                passes("plan", "it never ran"),
                passes("run", "passed", "4 executed", "returns:1 registered, in staging"),
                new Act.Lesson(
                        "From table to registered model: the table held its expectations"
                                + " (expectations/"
                                + PROJECT
                                + ".yaml), the model was judged on rows that it had not seen, all"
                                + " gates let it pass, and so version 1 is in staging."
                                + " `skipped` is honest: nothing is in production to compare with"
                                + " yet."),
                new Act.Chapter(
                        "The same again",
                        "A step's result is kept under a key of all that decides it: inputs, code,"
                                + " parameters, libraries. Nothing has changed, so no step runs."),
                new Act.Command(
                        List.of("run"),
                        0,
                        List.of("4 cached", "returns:1 known, in staging"),
                        List.of("executed")),
                new Act.Lesson(
                        "Only the gates were judged again. That costs nothing, and their answer"
                                + " may change: with the clock, with what is in production, and"
                                + " with what you ask for. Like this:"),
                new Act.Chapter(
                        "A gate says no", "Somebody asks for more than this model can give."),
                new Act.Edit(PIPELINE, "roc_auc: \\{min: [0-9.]+", "roc_auc: {min: 0.95"),
                ends("run", 1, "rejected", "validate.roc_auc.min", "4 cached", "in development"),
                new Act.Lesson(
                        "Exit code 1: the work was done, and the answer is no. A shell script or a"
                                + " CI job stops here. (2 would be wrong input, 3 a step that"
                                + " crashed.) Version 1 is out of staging, and nobody can promote"
                                + " it:"),
                ends("promote " + PROJECT + ":1 production", 4),
                new Act.Chapter("The mend", "You take the change back."),
                new Act.Back(PIPELINE),
                passes("run", "passed", "4 cached", "returns:1 known, in staging"),
                passes("promote " + PROJECT + ":1 production", PROJECT + ":1"),
                new Act.Lesson(
                        "returns@production now names version 1. Who asked for it, the verdicts"
                                + " that allowed it and the moment are in the ledger."),
                new Act.Chapter(
                        "A better model",
                        "Trees of depth 6 learn 5,000 orders by heart. You try shallower ones."),
                new Act.Edit(CONFIG, "max_depth: 6", "max_depth: 3"),
                passes("plan train", "miss"),
                passes("run", "5 executed", "not_worse_than", "returns:2 registered"),
                new Act.Lesson(
                        "The table was not read again; only what the change touches ran. And the"
                            + " gate `not_worse_than: production` now had something to hold version"
                            + " 2 against: version 1, on the very same rows, drawn again and again"
                            + " so that chance does not decide."),
                passes("promote " + PROJECT + ":2 production", PROJECT + ":2", "under way"),
                new Act.Lesson(
                        "Version 1 answers predictions, so version 2 does not simply take its"
                                + " place: a server (weir serve) shows it copies of requests, then"
                                + " gives it 1 in 100 of them, and more and more while its errors,"
                                + " its latency and what it predicts stay right. Nobody serves"
                                + " here, so you let it through:"),
                passes("rollout finish " + PROJECT, PROJECT + ":2 took over"),
                new Act.Chapter(
                        "And back", "Monday morning, something is odd. One command undoes it."),
                passes("rollback " + PROJECT, PROJECT + ":1"),
                passes("models list", PROJECT),
                new Act.Chapter(
                        "The promise",
                        "A registry entry is a recipe, not a file. What is in production was made"
                                + " with trees of depth 6, and the project's files say 3 by now."
                                + " Weir makes it again from the entry alone, in a clean place,"
                                + " with nothing taken from the cache."),
                passes("reproduce " + PROJECT + "@production", "R0"),
                new Act.Lesson(
                        "R0: every byte is the same. Were it not, Weir would name the link of the"
                                + " recipe that differs: code, data, features, config,"
                                + " environment or run."),
                passes("store verify"),
                new Act.Lesson("And every byte that any version stands on is still what it was."));
    }
}

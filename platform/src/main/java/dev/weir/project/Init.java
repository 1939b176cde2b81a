package dev.weir.project;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.expect.SuiteWriter;
import dev.weir.ml.data.profile.Profile;
import dev.weir.ml.data.profile.Profiler;
import dev.weir.ml.data.profile.TargetAdvice;
import dev.weir.ml.data.profile.TargetAdvisor;
import dev.weir.ml.data.source.Sniffer;
import dev.weir.ml.data.source.SourceFiles;
import dev.weir.ml.data.source.Tables;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.stats.Task;
import dev.weir.pipeline.Progress;
import dev.weir.pipeline.RunStatus;
import dev.weir.stage.train.parameter.Trainer;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Begins a project: looks at a table, and writes the files that make a model of it. */
public final class Init {
    private static final int THREADS = 2;

    /** Above this, no trial model is trained: thresholds are then wide, and said to be. */
    private static final long MOST_TRIAL_ROWS = 200_000;

    private final Function<Project, Home> homes;
    private final Runtime runtime;
    private final long mostTrialRows;

    /**
     * Begins projects.
     *
     * @param homes opens the home of a project
     */
    public Init(Function<Project, Home> homes, Runtime runtime) {
        this(homes, runtime, MOST_TRIAL_ROWS);
    }

    Init(Function<Project, Home> homes, Runtime runtime, long mostTrialRows) {
        this.homes = homes;
        this.runtime = runtime;
        this.mostTrialRows = mostTrialRows;
    }

    /**
     * What was begun.
     *
     * @param said what was guessed and why, sentence by sentence
     */
    public record Begun(Path folder, String model, List<String> said) {
        public Begun {
            said = List.copyOf(said);
        }
    }

    /**
     * Begins a project.
     *
     * @throws ProblemException of kind {@code INPUT} where the table or what is asked of it is
     *     wrong; the folder is then as it was
     */
    public Begun begin(InitOptions options) {
        requireEmpty(options.folder());
        try {
            Path scratch = Files.createTempDirectory("weir-init-");
            try {
                return begin(options, scratch);
            } finally {
                delete(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireEmpty(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                if (files.findAny().isEmpty()) {
                    return;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw Problem.input("init.folder", folder + " is there already (expected: a new folder)")
                .hint("Choose another name, or empty the folder.")
                .exception();
    }

    private Begun begin(InitOptions options, Path scratch) throws IOException {
        List<String> said = new ArrayList<>();
        List<Path> files = SourceFiles.of(options.here(), options.data());
        DuckDb duckDb = new DuckDb(scratch, THREADS);
        ObjectNode source = options.source().deepCopy().put("file", files.getFirst().toString());
        Sniffer.Sniffed sniffed = new Sniffer(duckDb).sniff(files, source);
        said.addAll(sniffed.guesses());
        requireColumns(options, sniffed.schema().names());
        Tables.Ingested table =
                new Tables(duckDb)
                        .ingest(
                                files,
                                sniffed.format(),
                                sniffed.schema(),
                                scratch.resolve("table.parquet"));
        Profile profile = new Profiler(duckDb).profile(table.parquet());
        TargetAdvice advice =
                new TargetAdvisor(duckDb)
                        .advise(table.parquet(), profile, options.target(), options.task());
        requireValues(options, files, advice);
        String suite =
                options.holdout().isPresent()
                        ? suiteOfBoth(options, files, sniffed, profile.rows(), advice, scratch)
                        : new SuiteWriter().yaml(profile);
        String model = name(options.folder());
        Map<String, String> exclude = exclude(options, advice, said);
        Trainer trainer = trainer(options, profile, advice, exclude, said);
        ProjectFiles written =
                new ProjectFiles(model, options, advice, sniffed.format(), exclude, trainer);
        said.add(
                "%,d rows, %d columns; %s is a %s target"
                        .formatted(
                                profile.rows(),
                                profile.columns().size(),
                                options.target(),
                                target(advice)));
        boolean wasThere = Files.exists(options.folder());
        try {
            write(options, files, written, suite, said);
            if (profile.rows() <= mostTrialRows) {
                trial(options.folder(), model, written, scratch, said);
            } else {
                said.add(
                        ("no trial model was trained (more than %,d rows): set the thresholds in"
                                        + " pipelines/%s.yaml yourself after the first run")
                                .formatted(mostTrialRows, model));
            }
            new Git(options.folder()).init();
        } catch (RuntimeException | IOException e) {
            empty(options.folder(), wasThere);
            throw e;
        }
        return new Begun(options.folder(), model, said);
    }

    /** One suite is held against the table and against the rows to judge on, so both make it. */
    private static String suiteOfBoth(
            InitOptions options,
            List<Path> files,
            Sniffer.Sniffed sniffed,
            long rows,
            TargetAdvice advice,
            Path scratch) {
        List<Path> both = new ArrayList<>(files);
        List<Path> holdout = SourceFiles.of(options.here(), options.holdout().orElseThrow());
        both.addAll(holdout);
        DuckDb duckDb = new DuckDb(scratch, THREADS);
        Path parquet = scratch.resolve("both.parquet");
        new Tables(duckDb).ingest(both, sniffed.format(), sniffed.schema(), parquet);
        Profile profile = new Profiler(duckDb).profile(parquet);
        if (advice.task() != Task.REGRESSION) {
            List<String> more =
                    new ArrayList<>(
                            new TargetAdvisor(duckDb)
                                    .advise(parquet, profile, options.target(), options.task())
                                    .classes());
            more.removeAll(advice.classes());
            if (!more.isEmpty()) {
                throw Problem.input(
                                "init.holdout",
                                "--holdout: %s has the values %s (expected: %s, as in the table)"
                                        .formatted(
                                                options.target(),
                                                String.join(", ", more),
                                                String.join(", ", advice.classes())))
                        .at(Place.of(holdout.getFirst()))
                        .hint("Write its labels as those of the table are written.")
                        .exception();
            }
        }
        return new SuiteWriter().yaml(profile, Math.min(rows, profile.rows() - rows));
    }

    /** A column without a value is a fault of the table, until a person says that it is none. */
    private static void requireValues(InitOptions options, List<Path> files, TargetAdvice advice) {
        List<Problem> empty =
                advice.remarks().stream()
                        .filter(remark -> remark.sort() == TargetAdvice.Sort.EMPTY)
                        .filter(remark -> !options.exclude().contains(remark.column()))
                        .map(
                                remark ->
                                        Problem.input(
                                                        "column.empty",
                                                        remark.column()
                                                                + ": no value in any row (expected:"
                                                                + " at least one)")
                                                .at(Place.of(files.getFirst()))
                                                .hint(
                                                        "Mend the table, or leave it out: --exclude"
                                                                + " "
                                                                + remark.column()))
                        .toList();
        if (!empty.isEmpty()) {
            throw new ProblemException(empty);
        }
    }

    private static void requireColumns(InitOptions options, List<String> columns) {
        Map<String, String> named = new LinkedHashMap<>();
        named.put(options.target(), "--target");
        options.exclude().forEach(column -> named.put(column, "--exclude"));
        options.key().forEach(column -> named.put(column, "--key"));
        options.time().ifPresent(column -> named.put(column, "--time"));
        named.forEach(
                (column, option) -> {
                    if (!columns.contains(column)) {
                        throw Problem.input(
                                        "init.column",
                                        option + " " + column + ": the table has no such column")
                                .hint(DidYouMean.hint(column, columns))
                                .exception();
                    }
                });
    }

    private static Map<String, String> exclude(
            InitOptions options, TargetAdvice advice, List<String> said) {
        Map<String, String> excluded = new LinkedHashMap<>();
        options.exclude().forEach(column -> excluded.put(column, "as you said"));
        for (TargetAdvice.Remark remark : advice.remarks()) {
            said.add(remark.sentence());
            if (remark.sort().exclude() && !options.key().contains(remark.column())) {
                excluded.putIfAbsent(remark.column(), remark.sentence());
            }
        }
        return excluded;
    }

    private static String target(TargetAdvice advice) {
        return switch (advice.task()) {
            case BINARY, REGRESSION -> advice.task().text();
            case MULTICLASS -> advice.task().text() + " (" + advice.classes().size() + " classes)";
        };
    }

    /**
     * Weighted sums of words where at least half of the features are texts; else trees, which read
     * no words: texts are then left out.
     */
    private static Trainer trainer(
            InitOptions options,
            Profile profile,
            TargetAdvice advice,
            Map<String, String> exclude,
            List<String> said) {
        Set<String> out = new HashSet<>(exclude.keySet());
        out.add(options.target());
        out.addAll(options.key());
        options.time().or(advice::time).ifPresent(out::add);
        List<String> features =
                profile.schema().names().stream().filter(name -> !out.contains(name)).toList();
        List<String> texts = advice.texts().stream().filter(features::contains).toList();
        if (texts.isEmpty()) {
            return Trainer.XGBOOST;
        }
        if (2 * texts.size() >= features.size()) {
            said.add("the trainer is linear: it weighs words, and most features are text");
            return Trainer.LINEAR;
        }
        for (String text : texts) {
            exclude.put(text, "trees read no words; the trainer linear does");
            said.add(
                    text
                            + " is left out: most features are no text, so the trainer is xgboost,"
                            + " which reads no words");
        }
        return Trainer.XGBOOST;
    }

    /** A folder's name as the name of a project and of its model. */
    private static String name(Path folder) {
        String name =
                String.valueOf(folder.toAbsolutePath().normalize().getFileName())
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9_-]+", "-")
                        .replaceAll("^[^a-z0-9]+|-+$", "");
        return name.isEmpty() ? "model" : name.substring(0, Math.min(name.length(), 63));
    }

    private static void write(
            InitOptions options,
            List<Path> files,
            ProjectFiles written,
            String suite,
            List<String> said)
            throws IOException {
        Path folder = Files.createDirectories(options.folder());
        String data =
                files.size() == 1 ? files.getFirst().toString() : absolute(options, options.data());
        Optional<String> holdout = options.holdout().map(path -> absolute(options, path));
        if (options.copy()) {
            Path copies = Files.createDirectories(folder.resolve("data"));
            for (Path file : files) {
                Files.copy(file, copies.resolve(String.valueOf(file.getFileName())));
            }
            data = "data/" + Path.of(data).getFileName();
            if (holdout.isPresent()) {
                Path from = Path.of(holdout.get());
                Files.copy(from, copies.resolve(String.valueOf(from.getFileName())));
                holdout = Optional.of("data/" + from.getFileName());
            }
        } else {
            said.add("the table stays where it is: " + data);
        }
        written.write(folder, data, holdout, suite);
    }

    private static String absolute(InitOptions options, String path) {
        return options.here().resolve(path).toAbsolutePath().normalize().toString();
    }

    /** Trains once, in a home that is thrown away, so that the thresholds mean something. */
    private void trial(
            Path folder, String model, ProjectFiles written, Path scratch, List<String> said)
            throws IOException {
        Project there = Project.around(folder);
        Project elsewhere =
                new Project(
                        there.root(),
                        there.name(),
                        there.workspace(),
                        scratch.resolve("home"),
                        null,
                        there.resources(),
                        there.promotion(),
                        RegisterRules.ANYTHING);
        try (Home home = homes.apply(elsewhere)) {
            RunSummary trial =
                    new Runs(home, runtime)
                            .run(elsewhere, model, RunOptions.MANUAL, Progress.SILENT);
            if (trial.report().status() == RunStatus.FAILED) {
                throw new ProblemException(trial.report().problems());
            }
            if (!trial.report().results().containsKey(Names.SCORE)) {
                throw refused(trial);
            }
            written.tighten(folder, trial, said);
        }
    }

    /** The table does not meet its own expectations, so that no model was trained. */
    private static ProblemException refused(RunSummary trial) {
        return new ProblemException(
                trial.rulings().stream()
                        .filter(Ruling::stops)
                        .map(
                                ruling ->
                                        Problem.input(
                                                        "init.refused",
                                                        ruling.gate() + ": " + ruling.reason())
                                                .hint(
                                                        "The rows to judge on and the table differ"
                                                                + " too much for one suite of"
                                                                + " expectations."))
                        .toList());
    }

    /** The folder as it was before: not there, or empty. */
    private static void empty(Path folder, boolean wasThere) throws IOException {
        if (Files.exists(folder)) {
            delete(folder);
            if (wasThere) {
                Files.createDirectory(folder);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

package dev.weir.bench;

import dev.weir.pipeline.CommandKind;
import dev.weir.pipeline.Engine;
import dev.weir.pipeline.Input;
import dev.weir.pipeline.Outcome;
import dev.weir.pipeline.Pipeline;
import dev.weir.pipeline.ProcessIdentity;
import dev.weir.pipeline.Progress;
import dev.weir.pipeline.Resources;
import dev.weir.pipeline.RunListener;
import dev.weir.pipeline.RunRecord;
import dev.weir.pipeline.RunReport;
import dev.weir.pipeline.RunRequest;
import dev.weir.pipeline.RunStatus;
import dev.weir.pipeline.Step;
import dev.weir.store.blob.LocalBlobStore;
import dev.weir.store.blob.Trees;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * CPU of the engine over steps that do nothing but write a line, as a chain, where each takes what
 * the one before gave, and as a fan: a full run (goal: at most 4 times the same commands forked by
 * a shell loop), a run with nothing to do (goal: at most 200 ms over a process that opens the home
 * and plans nothing), and a step of a long chain beside one of a short chain. Each is a fresh
 * process, started as the launcher starts {@code weir}, its children included; medians of rounds in
 * each of which all take their turn.
 *
 * <p>Arguments: steps (1000), rounds (3).
 */
public final class EngineBench {
    private EngineBench() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 3) {
            child(
                    Shape.valueOf(arguments[0]),
                    Integer.parseInt(arguments[1]),
                    Path.of(arguments[2]));
            return;
        }
        int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        Checkout checkout = Checkout.here();
        checkout.prepare();
        Path folder = Files.createTempDirectory("weir-engine-bench");
        try {
            List<String> java = new ArrayList<>(checkout.java("cli"));
            java.add(EngineBench.class.getName());
            new Rounds(folder, java, steps).measure(rounds);
        } finally {
            Checkout.delete(folder);
        }
    }

    // The processes that are measured

    private enum Shape {
        NONE,
        CHAIN,
        FAN
    }

    private static void child(Shape shape, int steps, Path home) {
        RunListener nobody =
                new RunListener() {
                    @Override
                    public void started(Transaction tx, RunRecord run) {}

                    @Override
                    public void ended(Transaction tx, RunRecord run) {}
                };
        Clock clock = Clock.systemUTC();
        Ids ids = Ids.of(clock);
        try (Database database = Database.open("jdbc:sqlite:" + home.resolve("weir.db"))) {
            LocalBlobStore blobs = LocalBlobStore.open(home.resolve("blobs"), clock);
            Engine engine =
                    new Engine(
                            database,
                            blobs,
                            new Trees(blobs),
                            home.resolve("work"),
                            home.resolve("logs"),
                            new Resources(Runtime.getRuntime().availableProcessors(), 1L << 32, 0),
                            ProcessIdentity.current(),
                            clock,
                            ids,
                            nobody);
            Pipeline pipeline = Pipeline.of("bench", steps(shape, steps));
            if (shape == Shape.NONE) {
                engine.plan(pipeline, "default", Set.of());
                return;
            }
            RunReport report = engine.run(pipeline, request(ids), Progress.SILENT);
            if (report.status() != RunStatus.PASSED) {
                throw new IllegalStateException(report.problems().toString());
            }
            long executed =
                    report.steps().stream().filter(s -> s.outcome() == Outcome.EXECUTED).count();
            if (executed != 0 && executed != steps) {
                throw new IllegalStateException(
                        executed + " steps executed (expected: none or all " + steps + ")");
            }
        }
    }

    private static RunRequest request(Ids ids) {
        return new RunRequest(
                ids.next(),
                "default",
                "person:bench",
                "manual",
                JsonNodeFactory.instance.objectNode(),
                Set.of(),
                false);
    }

    private static List<Step> steps(Shape shape, int count) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; shape != Shape.NONE && i < count; i++) {
            Step step =
                    Step.named(
                                    "s" + i,
                                    "ingest",
                                    new CommandKind(List.of("sh", "-c", "echo " + i + " > out")))
                            .output("out", "out");
            if (shape == Shape.CHAIN && i > 0) {
                step = step.input("before", new Input.FromStep("s" + (i - 1), "out", "in"));
            }
            steps.add(step);
        }
        return steps;
    }

    // The measuring

    /** All contestants, taking turns. */
    private static final class Rounds {
        private final Path folder;
        private final List<String> java;
        private final int steps;
        private final int few;
        private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
        private int homes;

        Rounds(Path folder, List<String> java, int steps) {
            this.folder = folder;
            this.java = java;
            this.steps = steps;
            this.few = Math.max(1, steps / 10);
        }

        void measure(int rounds) throws IOException, InterruptedException {
            for (int round = 0; round < rounds; round++) {
                take("shell", shell());
                take("start", engine(Shape.NONE, 0, fresh()));
                take("few", engine(Shape.CHAIN, few, fresh()));
                for (Shape shape : List.of(Shape.CHAIN, Shape.FAN)) {
                    Path home = fresh();
                    take(shape + " full", engine(shape, steps, home));
                    take(shape + " again", engine(shape, steps, home));
                }
            }
            print(rounds);
        }

        private void take(String contestant, Child child) {
            seconds.computeIfAbsent(contestant, name -> new ArrayList<>())
                    .add(child.expecting(0).cpuSeconds());
        }

        /** A home with its tables made, as a second command finds it. */
        private Path fresh() throws IOException {
            Path home = Files.createDirectories(folder.resolve("home" + homes++));
            Database.open("jdbc:sqlite:" + home.resolve("weir.db")).close();
            return home;
        }

        private Child engine(Shape shape, int count, Path home)
                throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(java);
            command.addAll(List.of(shape.name(), Integer.toString(count), home.toString()));
            return Child.run(command, folder, Map.of());
        }

        private Child shell() throws IOException, InterruptedException {
            String loop = "i=0; while [ $i -lt %d ]; do sh -c \"echo $i > out\"; i=$((i+1)); done";
            return Child.run(List.of("sh", "-c", loop.formatted(steps)), folder, Map.of());
        }

        private double median(String contestant) {
            return Checkout.median(
                    seconds.getOrDefault(contestant, List.of()).stream()
                            .mapToDouble(Double::doubleValue)
                            .toArray());
        }

        private void print(int rounds) {
            double shell = median("shell");
            double start = median("start");
            System.out.printf("CPU seconds, median of %d, in %s%n", rounds, folder);
            line("shell loop, %d times sh -c".formatted(steps), shell, "");
            line("a process that opens the home, plans nothing", start, "");
            for (Shape shape : List.of(Shape.CHAIN, Shape.FAN)) {
                String name = shape.name().toLowerCase(Locale.ROOT) + " of " + steps;
                double full = median(shape + " full");
                double again = median(shape + " again");
                line(name + ", full run", full, goal(full / shell, 4, "times the shell loop"));
                line(
                        name + ", nothing to do",
                        again,
                        goal(1000 * (again - start), 200, "ms over start-up"));
            }
            double small = median("few");
            double ofMany = (median(Shape.CHAIN + " full") - start) / steps;
            double ofFew = (small - start) / few;
            line("chain of " + few + ", full run", small, "");
            line(
                    "a step of the long chain",
                    ofMany,
                    goal(ofMany / ofFew, 1, "times one of the short"));
        }

        private static void line(String what, double cpuSeconds, String goal) {
            System.out.printf(Locale.ROOT, "  %-46s %8.4f   %s%n", what, cpuSeconds, goal);
        }

        private static String goal(double figure, double most, String unit) {
            return String.format(
                    Locale.ROOT,
                    "%6.2f %s   goal: at most %.0f   %s",
                    figure,
                    unit,
                    most,
                    figure <= most ? "met" : "MISSED");
        }
    }
}

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
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the engine costs: a thousand steps that do nothing but write a line, as a chain and as a
 * fan, beside the same commands forked by a shell loop. Each figure is the CPU time of a fresh
 * process with the flags of the command line, its children included; the median of three.
 *
 * <pre>bench/run EngineBench            # a thousand steps
 * bench/run EngineBench 200        # fewer</pre>
 */
final class EngineBench {
    private static final int REPEATS = 3;

    private EngineBench() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 1) {
            child(Shape.valueOf(args[0]), Integer.parseInt(args[1]), Path.of(args[2]));
            return;
        }
        int steps = args.length == 1 ? Integer.parseInt(args[0]) : 1000;
        report(steps);
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
            long executed = report.steps().stream().filter(executed()).count();
            System.out.println(executed + " executed");
        }
    }

    private static Predicate<dev.weir.pipeline.StepReport> executed() {
        return step -> step.outcome() == Outcome.EXECUTED;
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

    private static void report(int steps) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("weir-bench");
        double shell = median(() -> shell(folder, steps));
        double start = median(() -> process(Shape.NONE, 0, fresh(folder)));
        line("shell loop, " + steps + " times sh -c", shell, "", "");
        line("start-up: a process that opens a home, plans nothing", start, "", "");
        for (Shape shape : List.of(Shape.CHAIN, Shape.FAN)) {
            String name = shape.name().toLowerCase(java.util.Locale.ROOT) + " of " + steps;
            Path home = fresh(folder);
            double full = median(() -> process(shape, steps, fresh(folder)));
            line(name + ", full run", full, times(full / shell), "at most 4 times the shell loop");
            process(shape, steps, home);
            double again = median(() -> process(shape, steps, home));
            line(
                    name + ", nothing to do",
                    again,
                    "%.0f ms".formatted(1000 * (again - start)),
                    "at most 200 ms over start-up");
            if (shape == Shape.CHAIN) {
                int few = Math.max(1, steps / 10);
                double small = median(() -> process(shape, few, fresh(folder)));
                double perStep = (full - start) / steps;
                double perStepOfFew = (small - start) / few;
                line(
                        "chain of " + few + ", full run",
                        small,
                        times(perStep / perStepOfFew),
                        "a step of %d costs what one of %d does".formatted(steps, few));
            }
        }
    }

    private static void line(String what, double cpu, String figure, String asked) {
        System.out.printf("%-54s %7.2f s  %10s  %s%n", what, cpu, figure, asked);
    }

    private static String times(double ratio) {
        return "%.2f times".formatted(ratio);
    }

    private interface Measured {
        double cpu() throws IOException, InterruptedException;
    }

    private static double median(Measured measured) throws IOException, InterruptedException {
        List<Double> figures = new ArrayList<>();
        for (int i = 0; i < REPEATS; i++) {
            figures.add(measured.cpu());
        }
        return figures.stream().sorted().toList().get(REPEATS / 2);
    }

    private static int homes;

    /** A home with its tables made, as a second command finds it. */
    private static Path fresh(Path folder) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home" + homes++));
        Database.open("jdbc:sqlite:" + home.resolve("weir.db")).close();
        return home;
    }

    private static double shell(Path folder, int steps) throws IOException, InterruptedException {
        String loop =
                "i=0; while [ $i -lt %d ]; do sh -c \"echo $i > out\"; i=$((i+1)); done"
                        .formatted(steps);
        return cpu(new ProcessBuilder("sh", "-c", loop).directory(folder.toFile()));
    }

    private static double process(Shape shape, int steps, Path home)
            throws IOException, InterruptedException {
        return cpu(
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EngineBench.class.getName(),
                        shape.name(),
                        Integer.toString(steps),
                        home.toString()));
    }

    /** CPU seconds, user and system, of a process and of all children that it waited for. */
    private static double cpu(ProcessBuilder builder) throws IOException, InterruptedException {
        long before = ticksOfChildren();
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException(builder.command() + ": exit " + exit + " " + said);
        }
        return (ticksOfChildren() - before) / 100.0;
    }

    /** {@code cutime + cstime} of this process (proc(5)), in hundredths of a second. */
    private static long ticksOfChildren() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
    }
}

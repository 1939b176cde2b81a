package dev.weir.bench;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.TableScores;
import dev.weir.ml.stats.BinaryMetrics;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Task;
import dev.weir.pipeline.ChildJvm;
import dev.weir.stage.train.Feature;
import dev.weir.stage.train.Holdout;
import dev.weir.stage.train.TrainJob;
import dev.weir.stage.train.TrainerChild;
import dev.weir.stage.train.TrainerProcess;
import dev.weir.stage.train.parameter.Trainer;
import dev.weir.stage.train.parameter.TrainerParameters;

import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * CPU of training through Weir (read Parquet, fit, export, keep a fifth apart, score it; all
 * processes together) against bare XGBoost4J on the same values from a raw file, with the same
 * threads and rounds. Goal: at most 1.3; for the trainer {@code linear} beside the same, at most 2.
 * Runs on Linux, where /proc tells the CPU of children.
 *
 * <p>Arguments: rows (500000), rounds (100), runs (3).
 */
public final class TrainBench {
    private static final int FEATURES = 30;
    private static final int INTEGERS = 10;
    private static final int THREADS = 2;
    private static final long MEMORY = 4L << 30;
    private static final double TICKS = 100;

    private TrainBench() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 3 && arguments[0].equals("bare")) {
            bare(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
        } else if (arguments.length == 3 && Trainer.named(arguments[0]).isPresent()) {
            weir(
                    Trainer.named(arguments[0]).get(),
                    Path.of(arguments[1]),
                    Integer.parseInt(arguments[2]));
        } else {
            compare(
                    argument(arguments, 0, 500_000),
                    argument(arguments, 1, 100),
                    argument(arguments, 2, 3));
        }
    }

    private static int argument(String[] arguments, int place, int standard) {
        return place < arguments.length ? Integer.parseInt(arguments[place]) : standard;
    }

    private static void compare(int rows, int rounds, int runs) throws Exception {
        Checkout checkout = Checkout.here();
        checkout.prepare();
        Path folder = Files.createTempDirectory("weir-train-bench");
        try {
            generate(folder, rows);
            double[] bare = new double[runs];
            double[] weir = new double[runs];
            double[] linear = new double[runs];
            for (int run = 0; run < runs; run++) {
                bare[run] = cpuSeconds(checkout, "bare", folder, rounds);
                weir[run] = cpuSeconds(checkout, "xgboost", folder, rounds);
                linear[run] = cpuSeconds(checkout, "linear", folder, rounds);
                System.out.printf(
                        Locale.ROOT,
                        "run %d: bare %.2f, weir %.2f CPU s, ratio %.3f; linear %.2f, ratio"
                                + " %.3f%n",
                        run + 1,
                        bare[run],
                        weir[run],
                        weir[run] / bare[run],
                        linear[run],
                        linear[run] / bare[run]);
            }
            System.out.printf(
                    Locale.ROOT,
                    "training through Weir, %d x %d, %d rounds, %d threads: median ratio %.3f"
                            + " (goal: at most 1.3); linear %.3f (goal: at most 2)%n",
                    rows,
                    FEATURES,
                    rounds,
                    THREADS,
                    median(weir, bare),
                    median(linear, bare));
        } finally {
            delete(folder);
        }
    }

    private static double median(double[] seconds, double[] bare) {
        double[] ratios = new double[bare.length];
        Arrays.setAll(ratios, run -> seconds[run] / bare[run]);
        Arrays.sort(ratios);
        return ratios[ratios.length / 2];
    }

    /** Runs a mode in a JVM of its own; the CPU of that JVM and of its children. */
    private static double cpuSeconds(Checkout checkout, String mode, Path folder, int rounds)
            throws Exception {
        Path scratch = Files.createDirectories(folder.resolve("tmp"));
        List<String> command =
                new ArrayList<>(checkout.java(mode.equals("bare") ? "trainer" : "cli"));
        command.addAll(
                List.of(
                        TrainBench.class.getName(),
                        mode,
                        folder.toString(),
                        String.valueOf(rounds)));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(ChildJvm.environment(THREADS));
        double before = childSeconds();
        int exit = builder.start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException(mode + " ended with exit code " + exit);
        }
        double seconds = childSeconds() - before;
        delete(scratch);
        return seconds;
    }

    /** CPU of all children that ended, and of theirs: cutime and cstime of proc(5). */
    private static double childSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS;
    }

    private static void bare(Path folder, int rounds) throws IOException, XGBoostError {
        float[] labels = floats(folder.resolve("labels.raw"));
        float[] matrix = floats(folder.resolve("matrix.raw"));
        int trained = labels.length / 5 * 4;
        DMatrix data =
                new DMatrix(
                        Arrays.copyOf(matrix, trained * FEATURES), trained, FEATURES, Float.NaN);
        data.setLabel(Arrays.copyOf(labels, trained));
        Map<String, Object> parameters =
                new HashMap<>(
                        Map.of(
                                "objective",
                                "binary:logistic",
                                "tree_method",
                                "hist",
                                "max_depth",
                                6,
                                "eta",
                                0.1,
                                "seed",
                                7,
                                "nthread",
                                THREADS));
        Booster booster = XGBoost.train(data, parameters, rounds, new HashMap<>(), null, null);
        int rest = labels.length - trained;
        float[][] scores =
                booster.predict(
                        new DMatrix(
                                Arrays.copyOfRange(matrix, trained * FEATURES, matrix.length),
                                rest,
                                FEATURES,
                                Float.NaN));
        double[] flat = new double[rest];
        for (int i = 0; i < rest; i++) {
            flat[i] = scores[i][0];
        }
        report("bare", flat, Arrays.copyOfRange(labels, trained, labels.length));
    }

    private static TrainJob job(Trainer trainer, Path folder, int rounds) throws IOException {
        Path scratch = Files.createDirectories(folder.resolve("tmp/child"));
        List<Feature> features = new ArrayList<>();
        for (int c = 0; c < FEATURES; c++) {
            features.add(Feature.number("f" + c));
        }
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        if (trainer == Trainer.XGBOOST) {
            parameters.put("rounds", rounds);
        }
        return new TrainJob(
                folder.resolve("table.parquet"),
                features,
                "y",
                "1",
                Task.BINARY,
                Optional.empty(),
                TrainerParameters.of(trainer, parameters, Task.BINARY),
                new Holdout.Fraction(0.2, List.of()),
                scratch,
                scratch.resolve("out"),
                MEMORY);
    }

    private static List<String> command(TrainJob job) throws IOException {
        Path file = job.scratch().resolve("job.json");
        job.write(file);
        return TrainerChild.command(file, job.scratch(), MEMORY, Optional.empty());
    }

    private static void weir(Trainer trainer, Path folder, int rounds) throws Exception {
        TrainJob job = job(trainer, folder, rounds);
        Path output = job.output();
        ProcessBuilder builder = new ProcessBuilder(command(job)).redirectErrorStream(true);
        builder.environment().putAll(ChildJvm.environment(THREADS));
        Process child = builder.start();
        child.getInputStream().transferTo(OutputStream.nullOutputStream());
        TrainerChild.interpret(child.waitFor(), job);
        try (Scorer scorer =
                Scorer.open(ModelFolder.read(output.resolve(TrainerProcess.MODEL)), output)) {
            TableScores scored =
                    TableScores.of(
                            scorer,
                            output.resolve(TrainerProcess.HOLDOUT),
                            new DuckDb(job.scratch(), THREADS));
            float[] truth = new float[scored.truth().length];
            double[] scores = new double[truth.length];
            for (int i = 0; i < truth.length; i++) {
                truth[i] = (float) scored.truth()[i];
                scores[i] = scored.scores()[i];
            }
            report("weir", scores, truth);
        }
        System.out.println(
                Files.readString(output.resolve(TrainerProcess.REPORT))
                        .replaceAll("(?s).*\"seconds\"", "seconds")
                        .replaceAll("\\s+", " "));
    }

    private static void report(String mode, double[] scores, float[] labels) {
        boolean[] truth = new boolean[labels.length];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = labels[i] == 1;
        }
        System.out.printf(
                Locale.ROOT,
                "%s: ROC AUC %.4f on %d rows%n",
                mode,
                BinaryMetrics.of(scores, truth, null, 0.5).value(Metric.ROC_AUC).orElse(Double.NaN),
                labels.length);
    }

    /** The same values twice: as Parquet, and as raw floats that can be mapped. */
    private static void generate(Path folder, int rows) throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        double[][] columns = new double[FEATURES][rows];
        double[] target = new double[rows];
        float[] matrix = new float[rows * FEATURES];
        float[] labels = new float[rows];
        for (int i = 0; i < rows; i++) {
            double margin = -1;
            for (int c = 0; c < FEATURES; c++) {
                double value =
                        c < INTEGERS ? random.nextInt(5 + 10 * c) : random.nextDouble() * 2 - 1;
                boolean missing = c % 5 == 4 && random.nextInt(10) == 0;
                columns[c][i] = missing ? Double.NaN : value;
                matrix[i * FEATURES + c] = (float) columns[c][i];
                if (!missing) {
                    margin +=
                            c < INTEGERS ? (value % 3 - 1) * 0.2 : Math.sin(value * (c - 8)) * 0.35;
                }
            }
            margin += columns[15][i] * columns[16][i] * 2;
            target[i] = random.nextDouble() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
            labels[i] = (float) target[i];
        }
        List<ColumnData> table = new ArrayList<>();
        for (int c = 0; c < FEATURES; c++) {
            table.add(new ColumnData.Doubles("f" + c, columns[c]));
        }
        table.add(new ColumnData.Doubles("y", target));
        new ColumnFiles(new DuckDb(folder.resolve("tmp"), 1))
                .write(folder.resolve("table.parquet"), table);
        raw(folder.resolve("matrix.raw"), matrix);
        raw(folder.resolve("labels.raw"), labels);
    }

    private static void raw(Path file, float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.nativeOrder());
        bytes.asFloatBuffer().put(values);
        Files.write(file, bytes.array());
    }

    private static float[] floats(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            FloatBuffer mapped =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer();
            float[] values = new float[mapped.remaining()];
            mapped.get(values);
            return values;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}

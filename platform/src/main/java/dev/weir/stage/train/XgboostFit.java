package dev.weir.stage.train;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.ml.model.OnnxExport;
import dev.weir.ml.model.Signature;
import dev.weir.ml.model.TreeEnsemble;
import dev.weir.ml.model.XgboostJson;
import dev.weir.stage.train.parameter.Trainer;
import dev.weir.stage.train.parameter.TrainerParameters;

import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** One fit of XGBoost's histogram method; holds native memory until it is closed. */
final class XgboostFit implements Fitted {
    private static final int PROGRESS_LINES = 10;

    private final Booster booster;
    private final TreeEnsemble trees;
    private final int rounds;

    private XgboostFit(Booster booster, TreeEnsemble trees, int rounds) {
        this.booster = booster;
        this.trees = trees;
        this.rounds = rounds;
    }

    /**
     * Fits trees.
     *
     * @param log takes about ten lines of progress
     */
    static XgboostFit fit(TrainingData data, TrainerParameters parameters, PrintStream log) {
        BitSet learned = new BitSet();
        learned.set(0, data.rows());
        learned.andNot(data.validation());
        try {
            DMatrix rows = matrix(data, learned);
            try {
                return data.validation().isEmpty()
                        ? fit(data, parameters, rows, null, log)
                        : stopping(data, parameters, rows, log);
            } finally {
                rows.dispose();
            }
        } catch (XGBoostError e) {
            throw failed(e);
        }
    }

    private static XgboostFit stopping(
            TrainingData data, TrainerParameters parameters, DMatrix rows, PrintStream log)
            throws XGBoostError {
        DMatrix validation = matrix(data, data.validation());
        try {
            return fit(data, parameters, rows, validation, log);
        } finally {
            validation.dispose();
        }
    }

    /** Some of the rows, or all of them without a copy. */
    private static DMatrix matrix(TrainingData data, BitSet rows) throws XGBoostError {
        int width = data.signature().matrixWidth();
        int count = rows.cardinality();
        boolean all = count == data.rows();
        DMatrix matrix =
                new DMatrix(
                        all ? data.matrix() : pick(data.matrix(), width, rows),
                        count,
                        width,
                        Float.NaN);
        matrix.setLabel(all ? data.labels() : pick(data.labels(), 1, rows));
        if (data.weights().length > 0) {
            matrix.setWeight(all ? data.weights() : pick(data.weights(), 1, rows));
        }
        return matrix;
    }

    private static float[] pick(float[] values, int width, BitSet rows) {
        float[] picked = new float[rows.cardinality() * width];
        int at = 0;
        for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
            System.arraycopy(values, row * width, picked, at, width);
            at += width;
        }
        return picked;
    }

    private static XgboostFit fit(
            TrainingData data,
            TrainerParameters parameters,
            DMatrix rows,
            @Nullable DMatrix validation,
            PrintStream log)
            throws XGBoostError {
        boolean forest = parameters.trainer() == Trainer.FOREST;
        int rounds = forest ? 1 : parameters.whole("rounds");
        Map<String, Object> library = XgboostSettings.of(parameters, data.signature());
        Booster booster = XGBoost.train(rows, library, 1, new HashMap<>(), null, null);
        EarlyStopping stopping = new EarlyStopping(parameters.patience());
        for (int round = 1; round <= rounds; round++) {
            if (round > 1) {
                booster.update(rows, round - 1);
            }
            if (round * PROGRESS_LINES / rounds > (round - 1) * PROGRESS_LINES / rounds) {
                log.println("round " + round + "/" + rounds);
            }
            if (validation != null && stopping.stops(round, loss(booster, validation, round - 1))) {
                log.println(
                        "stopped after round "
                                + round
                                + ": the validation part was best after "
                                + stopping.best());
                break;
            }
        }
        int kept = validation == null ? rounds : stopping.best();
        TreeEnsemble all = XgboostJson.read(booster.toByteArray("json"));
        int perRound =
                all.targets()
                        * (forest
                                ? parameters.whole("trees")
                                : parameters.whole("num_parallel_tree"));
        return new XgboostFit(booster, all.first(kept * perRound), kept);
    }

    /** The library's own metric of the objective on the validation part; lower is better. */
    private static double loss(Booster booster, DMatrix validation, int iteration)
            throws XGBoostError {
        String text = booster.evalSet(new DMatrix[] {validation}, new String[] {"part"}, iteration);
        return Double.parseDouble(text.substring(text.lastIndexOf(':') + 1).trim());
    }

    @Override
    public byte[] onnx(Signature signature) {
        return OnnxExport.bytes(trees, signature);
    }

    @Override
    public float[] predict(TrainingData data, int rows) {
        int features = data.signature().matrixWidth();
        int width = data.signature().width();
        try {
            DMatrix head =
                    new DMatrix(
                            TrainingMatrix.head(data.matrix(), features, rows),
                            rows,
                            features,
                            Float.NaN);
            try {
                float[][] predicted = booster.predict(head, false, rounds);
                float[] flat = new float[rows * width];
                for (int i = 0; i < rows; i++) {
                    System.arraycopy(predicted[i], 0, flat, i * width, width);
                }
                return flat;
            } finally {
                head.dispose();
            }
        } catch (XGBoostError e) {
            throw failed(e);
        }
    }

    @Override
    public ObjectNode figures() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("rounds", rounds)
                .put("trees", trees.trees().size())
                .put("nodes", trees.nodes());
    }

    /** The version of the library. */
    static String version() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = resource("/xgboost4j-version.properties")) {
            properties.load(in);
        }
        return properties.getProperty("version", "unknown");
    }

    /** The digest of the native library of this platform, as the jar holds it. */
    static Digest nativeLibrary() throws IOException {
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String path =
                "/lib/"
                        + (mac ? "macos/" : "linux/")
                        + (arch.equals("amd64") ? "x86_64" : arch)
                        + (mac ? "/libxgboost4j.dylib" : "/libxgboost4j.so");
        MessageDigest sha256 = Digest.sha256();
        try (InputStream in = resource(path)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha256.update(buffer, 0, n);
            }
        }
        return Digest.finish(sha256);
    }

    private static InputStream resource(String path) throws IOException {
        InputStream in = XGBoost.class.getResourceAsStream(path);
        if (in == null) {
            throw Problem.step(
                            "train.platform",
                            "XGBoost has no library for this platform: no " + path)
                    .exception();
        }
        return in;
    }

    private static RuntimeException failed(XGBoostError e) {
        return Problem.step("train.xgboost", "XGBoost: " + e.getMessage()).exception(e);
    }

    @Override
    public void close() {
        booster.dispose();
    }
}

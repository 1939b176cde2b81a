package dev.weir.stage.train;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.ml.model.TreeEnsemble;
import dev.weir.ml.model.XgboostJson;

import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Properties;

/** One fit of XGBoost's histogram method; holds native memory until it is closed. */
final class XgboostFit implements AutoCloseable {
    private static final int PROGRESS_LINES = 10;

    private final Booster booster;
    private final int features;

    private XgboostFit(Booster booster, int features) {
        this.booster = booster;
        this.features = features;
    }

    /**
     * Fits trees.
     *
     * @param matrix rows x features, row by row; NaN is missing; without infinities
     * @param labels one for each row
     * @param log takes about ten lines of progress
     */
    static XgboostFit fit(
            float[] matrix,
            int features,
            float[] labels,
            XgboostParameters parameters,
            PrintStream log) {
        try {
            DMatrix data = new DMatrix(matrix, labels.length, features, Float.NaN);
            try {
                data.setLabel(labels);
                int rounds = parameters.rounds();
                Booster booster =
                        XGBoost.train(
                                data, parameters.forLibrary(), 1, new HashMap<>(), null, null);
                for (int round = 1; round <= rounds; round++) {
                    if (round > 1) {
                        booster.update(data, round - 1);
                    }
                    if (round * PROGRESS_LINES / rounds > (round - 1) * PROGRESS_LINES / rounds) {
                        log.println("round " + round + "/" + rounds);
                    }
                }
                return new XgboostFit(booster, features);
            } finally {
                data.dispose();
            }
        } catch (XGBoostError e) {
            throw failed(e);
        }
    }

    /** The trees, read from the model that the library would save. */
    TreeEnsemble trees() {
        try {
            return XgboostJson.read(booster.toByteArray("json"));
        } catch (XGBoostError e) {
            throw failed(e);
        }
    }

    /** What the library itself predicts for these rows. */
    float[] predict(float[] matrix, int rows) {
        try {
            float[][] predicted = booster.inplace_predict(matrix, rows, features, Float.NaN);
            float[] flat = new float[rows];
            for (int i = 0; i < rows; i++) {
                flat[i] = predicted[i][0];
            }
            return flat;
        } catch (XGBoostError e) {
            throw failed(e);
        }
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

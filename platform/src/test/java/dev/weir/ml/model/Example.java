package dev.weir.ml.model;

import dev.weir.ml.stats.Task;

import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A generated table and the model that XGBoost fits to it: numbers with gaps, categories with gaps.
 *
 * @param columns the rows as a caller gives them
 * @param matrix the same rows as XGBoost was given them
 */
record Example(
        Signature signature,
        TreeEnsemble trees,
        Columns columns,
        float[] matrix,
        float[] predictions) {

    static Example fit(long seed, Task task, int numbers, int categories, int rows)
            throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        int features = numbers + categories;
        List<Input> inputs = new ArrayList<>();
        Map<String, Columns.Column> columns = new HashMap<>();
        float[] matrix = new float[rows * features];
        double[] effect = new double[rows];
        for (int c = 0; c < numbers; c++) {
            String name = c == 0 ? "probability" : "number " + c;
            double[] values = new double[rows];
            for (int i = 0; i < rows; i++) {
                values[i] = random.nextInt(12) == 0 ? Double.NaN : random.nextDouble() * 1000 - 500;
                matrix[i * features + c] = (float) values[i];
                effect[i] += Double.isNaN(values[i]) ? 100 : values[i] * (c + 1) / numbers;
            }
            inputs.add(new Input.Number(name, -500, 500));
            columns.put(name, new Columns.Numbers(values));
        }
        for (int c = 0; c < categories; c++) {
            String name = "käse/" + c;
            List<String> known = new ArrayList<>();
            for (int k = 0; k < 5 + c; k++) {
                known.add((k % 2 == 0 ? "ü" : "a b") + k);
            }
            known.sort(Input.Category.BY_UTF8);
            @Nullable String[] values = new String[rows];
            for (int i = 0; i < rows; i++) {
                int code = random.nextInt(known.size() + 1) - 1;
                values[i] = code < 0 ? (random.nextBoolean() ? null : "") : known.get(code);
                matrix[i * features + numbers + c] = code < 0 ? Float.NaN : code;
                effect[i] += code * 60.0;
            }
            inputs.add(new Input.Category(name, known));
            columns.put(name, new Columns.Texts(values));
        }
        float[] labels = new float[rows];
        for (int i = 0; i < rows; i++) {
            double noisy = effect[i] + random.nextDouble() * 50;
            labels[i] = (float) (task == Task.BINARY ? (noisy > 50 ? 1 : 0) : noisy);
        }
        Signature signature =
                task == Task.BINARY
                        ? Signature.binary("y", inputs, new Signature.Classes("yes", "no", 0.5))
                        : Signature.regression("y", inputs);
        return fit(signature, matrix, labels, new Columns(rows, columns));
    }

    private static Example fit(Signature signature, float[] matrix, float[] labels, Columns columns)
            throws Exception {
        DMatrix data = new DMatrix(matrix, labels.length, signature.inputs().size(), Float.NaN);
        data.setLabel(labels);
        Map<String, Object> parameters = new HashMap<>();
        parameters.put(
                "objective",
                signature.task() == Task.BINARY ? "binary:logistic" : "reg:squarederror");
        parameters.put("tree_method", "hist");
        parameters.put("nthread", 1);
        Booster booster = XGBoost.train(data, parameters, 120, new HashMap<>(), null, null);
        float[][] predicted = booster.predict(data);
        float[] predictions = new float[labels.length];
        for (int i = 0; i < predictions.length; i++) {
            predictions[i] = predicted[i][0];
        }
        TreeEnsemble trees = XgboostJson.read(booster.toByteArray("json"));
        booster.dispose();
        data.dispose();
        return new Example(signature, trees, columns, matrix, predictions);
    }

    ModelFolder.Onnx model() {
        return new ModelFolder.Onnx(signature, OnnxExport.bytes(trees, signature));
    }
}

package dev.weir.stage.train;

import dev.weir.base.problem.Problem;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.LinearModel;
import dev.weir.ml.model.Link;
import dev.weir.ml.model.Signature;
import dev.weir.stage.train.linear.Design;
import dev.weir.stage.train.linear.Vocabulary;
import dev.weir.stage.train.parameter.TrainerParameters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The columns of a table as a weighted sum sees them: numbers by their deviations from the mean, 0
 * where they are missing; a column of 0 and 1 for each category, and one for what is missing; and a
 * column for each word.
 *
 * @param numbers how many columns of the matrix are numbers, and come first
 * @param categories the categories, in order
 * @param texts the words of each text, in order
 */
record LinearColumns(
        int numbers,
        double[] mean,
        double[] scale,
        List<Input.Category> categories,
        List<Vocabulary> texts) {

    static LinearColumns of(TrainingData data, TrainerParameters parameters) {
        List<Input.Category> categories = new ArrayList<>();
        List<Vocabulary> texts = new ArrayList<>();
        List<String> wordless = new ArrayList<>();
        int numbers = 0;
        for (Input input : data.signature().inputs()) {
            switch (input) {
                case Input.Number _, Input.Moment _ -> numbers += input.width();
                case Input.Category category -> categories.add(category);
                case Input.Text text -> {
                    Vocabulary words =
                            Vocabulary.of(
                                    data.texts().get(texts.size()),
                                    parameters.whole("ngrams"),
                                    parameters.whole("min_rows_of_word"),
                                    parameters.whole("max_words"));
                    if (words.size() == 0) {
                        wordless.add(text.name());
                    }
                    texts.add(words);
                }
            }
        }
        if (!wordless.isEmpty()) {
            throw Problem.input(
                            "feature.words",
                            wordless.getFirst()
                                    + ": no word is in "
                                    + parameters.whole("min_rows_of_word")
                                    + " rows or more (expected: some words that rows share)")
                    .hint("Leave the column out: features.exclude.")
                    .exception();
        }
        double[] mean = new double[numbers];
        double[] scale = new double[numbers];
        for (int c = 0; c < numbers; c++) {
            Moments moments = Moments.of(data.matrix(), data.signature().matrixWidth(), c);
            mean[c] = moments.mean();
            scale[c] = moments.deviation() > 0 ? 1 / moments.deviation() : 1;
        }
        return new LinearColumns(numbers, mean, scale, categories, texts);
    }

    /** The first rows as a design. */
    Design design(TrainingData data, int rows) {
        int width = data.signature().matrixWidth();
        float[] matrix = data.matrix();
        float[] dense = new float[rows * numbers];
        Design.Entries entries = new Design.Entries(rows);
        int[] first = firstColumns();
        for (int row = 0; row < rows; row++) {
            int from = row * width;
            for (int c = 0; c < numbers; c++) {
                dense[row * numbers + c] = (float) standard(matrix[from + c], c);
            }
            for (int c = 0; c < categories.size(); c++) {
                entries.add(first[c] + place(matrix[from + numbers + c], c), 1);
            }
            for (int t = 0; t < texts.size(); t++) {
                texts.get(t).addTo(entries, first[categories.size() + t], data.texts().get(t)[row]);
            }
            entries.endRow();
        }
        return entries.design(numbers, dense, first[first.length - 1]);
    }

    private double standard(float value, int column) {
        return Float.isNaN(value) ? 0 : (value - mean[column]) * scale[column];
    }

    private int place(float code, int category) {
        return Float.isNaN(code) ? categories.get(category).places() : (int) code;
    }

    /**
     * The first sparse column of each category and each text, and behind them how many there are.
     */
    private int[] firstColumns() {
        int[] first = new int[categories.size() + texts.size() + 1];
        for (int i = 0; i < first.length - 1; i++) {
            int columns =
                    i < categories.size()
                            ? categories.get(i).places() + 1
                            : texts.get(i - categories.size()).size();
            first[i + 1] = first[i] + columns;
        }
        return first;
    }

    /** The model of these weights; of a number they are brought back to its own unit. */
    LinearModel model(double[] w, Signature signature, LinearFit.Target target) {
        int k = signature.width();
        int[] first = firstColumns();
        double unit = target.deviation();
        List<double[]> tables = new ArrayList<>();
        for (int c = 0; c < categories.size(); c++) {
            tables.add(scaled(w, (numbers + first[c]) * k, (numbers + first[c + 1]) * k, unit));
        }
        List<LinearModel.Ngrams> ngrams = new ArrayList<>();
        for (int t = 0; t < texts.size(); t++) {
            int at = categories.size() + t;
            double[] weights =
                    scaled(w, (numbers + first[at]) * k, (numbers + first[at + 1]) * k, unit);
            float[] narrow = new float[weights.length];
            for (int i = 0; i < narrow.length; i++) {
                narrow[i] = (float) weights[i];
            }
            ngrams.add(
                    new LinearModel.Ngrams(texts.get(t).ngrams(), texts.get(t).rarity(), narrow));
        }
        double[] intercept = scaled(w, w.length - k, w.length, unit);
        for (int i = 0; i < k; i++) {
            intercept[i] += target.mean();
        }
        return new LinearModel(
                mean,
                scale,
                scaled(w, 0, numbers * k, unit),
                tables,
                ngrams,
                intercept,
                target.link());
    }

    private static double[] scaled(double[] w, int from, int to, double unit) {
        double[] part = Arrays.copyOfRange(w, from, to);
        for (int i = 0; i < part.length; i++) {
            part[i] *= unit;
        }
        return part;
    }

    /** What the model says of the first rows, in Java: rows x width, row by row. */
    float[] predict(TrainingData data, LinearModel model, int rows) {
        int k = data.signature().width();
        int width = data.signature().matrixWidth();
        Design design = design(data, rows);
        int[] first = firstColumns();
        float[] predictions = new float[rows * k];
        double[] sums = new double[k];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(model.intercept(), 0, sums, 0, k);
            for (int c = 0; c < numbers; c++) {
                add(sums, standard(data.matrix()[row * width + c], c), model.weights(), c * k);
            }
            for (int e = design.starts()[row]; e < design.starts()[row + 1]; e++) {
                int column = design.columns()[e];
                int part = Arrays.binarySearch(first, column);
                part = part >= 0 ? part : -part - 2;
                int at = (column - first[part]) * k;
                if (part < categories.size()) {
                    add(sums, 1, model.categories().get(part), at);
                } else {
                    float[] weights = model.texts().get(part - categories.size()).weights();
                    for (int i = 0; i < k; i++) {
                        sums[i] += (double) design.values()[e] * weights[at + i];
                    }
                }
            }
            link(model.link(), sums);
            for (int i = 0; i < k; i++) {
                predictions[row * k + i] = (float) sums[i];
            }
        }
        return predictions;
    }

    private static void add(double[] sums, double factor, double[] weights, int from) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += factor * weights[from + i];
        }
    }

    private static void link(Link link, double[] sums) {
        switch (link) {
            case IDENTITY -> {}
            case LOGISTIC -> sums[0] = 1 / (1 + StrictMath.exp(-sums[0]));
            case SOFTMAX -> {
                double most = Arrays.stream(sums).max().orElseThrow();
                double total = 0;
                for (int i = 0; i < sums.length; i++) {
                    sums[i] = StrictMath.exp(sums[i] - most);
                    total += sums[i];
                }
                for (int i = 0; i < sums.length; i++) {
                    sums[i] /= total;
                }
            }
        }
    }
}

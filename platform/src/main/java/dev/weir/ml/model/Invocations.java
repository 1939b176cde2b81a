package dev.weir.ml.model;

import dev.weir.base.digest.JsonTree;
import dev.weir.ml.stats.Task;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * MLflow's scoring protocol, as the asking side speaks it: a batch of rows as {@code
 * {"dataframe_split": {"columns", "data"}}}, and {@code {"predictions": …}} as the answer.
 *
 * <p>Predictions are one number for each row; or a list of numbers; or an object of numbers, by the
 * names of the classes, or with a single entry. A missing value is null on the way there, and
 * nothing may be missing on the way back.
 */
record Invocations(Signature signature) {
    private static final JsonFactory WRITERS = new JsonFactory();

    /** An answer that is none; the message is a clause: {@code row 3: NaN (expected: …)}. */
    static final class Garbage extends Exception {
        private static final long serialVersionUID = 1L;

        Garbage(String message) {
            super(message);
        }
    }

    /** The question: rows from {@code from} to before {@code to}. */
    byte[] question(Columns columns, int from, int to) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = WRITERS.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeName("dataframe_split");
            json.writeStartObject();
            json.writeName("columns");
            json.writeStartArray();
            signature.inputs().forEach(input -> json.writeString(input.name()));
            json.writeEndArray();
            json.writeName("data");
            json.writeStartArray();
            for (int row = from; row < to; row++) {
                json.writeStartArray();
                for (Input input : signature.inputs()) {
                    cell(json, columns.byName().get(input.name()), row);
                }
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void cell(JsonGenerator json, Columns.@Nullable Column column, int row) {
        switch (column) {
            case Columns.Numbers(double[] values) when Double.isFinite(values[row]) ->
                    json.writeNumber(values[row]);
            case Columns.Texts texts
                    when texts.values()[row] instanceof String text && !text.isEmpty() ->
                    json.writeString(text);
            case Columns.Numbers _, Columns.Texts _ -> json.writeNull();
            case null -> throw new IllegalStateException("a column is not there that was checked");
        }
    }

    /**
     * Reads an answer into scores.
     *
     * @param rows how many were asked for
     * @param at where the first goes
     */
    void answer(byte[] body, int rows, float[] scores, int at) throws Garbage {
        JsonNode answer;
        try {
            answer = JsonTree.read(body);
        } catch (JacksonException e) {
            String text = new String(body, StandardCharsets.UTF_8);
            throw new Garbage(
                    text.contains("NaN") || text.contains("Infinity")
                            ? "NaN or Infinity among its numbers (expected: finite ones)"
                            : "it is no JSON: " + beginning(text));
        }
        JsonNode predictions = answer.path("predictions");
        if (!predictions.isArray() || predictions.size() != rows) {
            throw new Garbage(
                    "predictions: %s (expected: a list of %d, one for each row)"
                            .formatted(
                                    predictions.isArray()
                                            ? predictions.size() + " of them"
                                            : brief(predictions),
                                    rows));
        }
        int width = signature.width();
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < width; k++) {
                scores[at + row * width + k] = number(predictions.get(row), row, k);
            }
            if (width > 1) {
                checkSum(scores, at + row * width, row);
            }
        }
    }

    private float number(JsonNode prediction, int row, int place) throws Garbage {
        JsonNode number = prediction;
        int width = signature.width();
        if (prediction.isArray() && prediction.size() == width) {
            number = prediction.get(place);
        } else if (prediction.isObject() && width > 1) {
            number = prediction.path(signature.labels().get(place));
        } else if (prediction.isObject() && prediction.size() == 1) {
            number = prediction.iterator().next();
        } else if (width > 1 || prediction.isArray()) {
            throw new Garbage(
                    "row %d: %s (expected: %s)"
                            .formatted(
                                    row + 1,
                                    prediction.isArray()
                                            ? prediction.size() + " numbers"
                                            : brief(prediction),
                                    width == 1
                                            ? "a number"
                                            : width + " probabilities, of " + classes()));
        }
        boolean probability = signature.task() != Task.REGRESSION;
        double value = number.isNumber() ? number.doubleValue() : Double.NaN;
        if (!ScoreCheck.isScore(value, probability) || !Float.isFinite((float) value)) {
            throw new Garbage(
                    "row %d: %s (expected: %s)"
                            .formatted(
                                    row + 1,
                                    brief(number),
                                    probability ? "a probability, 0 to 1" : "a finite number"));
        }
        return (float) (probability ? Math.clamp(value, 0, 1) : value);
    }

    private String classes() {
        List<String> labels = signature.labels();
        return String.join(", ", labels.subList(0, Math.min(5, labels.size())))
                + (labels.size() > 5 ? ", …" : "");
    }

    private void checkSum(float[] scores, int at, int row) throws Garbage {
        double sum = 0;
        for (int k = 0; k < signature.width(); k++) {
            sum += scores[at + k];
        }
        if (Math.abs(sum - 1) > ScoreCheck.ROUNDING) {
            throw new Garbage(
                    "row %d: probabilities of a sum of %.4f (expected: 1)".formatted(row + 1, sum));
        }
    }

    private static String brief(JsonNode node) {
        return beginning(node.isMissingNode() ? "nothing" : node.toString());
    }

    static String beginning(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}

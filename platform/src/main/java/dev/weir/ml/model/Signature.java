package dev.weir.ml.model;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.JsonTree;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.stats.Task;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a model takes and gives. Stored as canonical JSON beside the ONNX file; the inputs and the
 * output suit the metadata of the inference protocol as they are.
 *
 * @param target the column that the model predicts
 * @param inputs at least one, names distinct, in the order of the graph's inputs
 * @param output the graph's output: FP32, shape [N, {@link #width}]
 * @param classes for binary, else null
 * @param labels for multiclass the classes, at least three, in the order of {@link
 *     Input.Category#BY_UTF8}, none twice: the output has a probability for each, in this order;
 *     else empty
 */
public record Signature(
        Task task,
        String target,
        List<Input> inputs,
        String output,
        @Nullable Classes classes,
        List<String> labels) {

    /**
     * The two classes of a binary target.
     *
     * @param positive the label whose probability the model gives
     * @param negative the other label
     * @param threshold a probability of at least this much decides for {@code positive}
     */
    public record Classes(String positive, String negative, double threshold) {
        public Classes {
            if (!(threshold > 0 && threshold < 1)) {
                throw new IllegalArgumentException(
                        "threshold: " + threshold + " (expected: above 0 and below 1)");
            }
        }
    }

    public Signature {
        inputs = List.copyOf(inputs);
        labels = List.copyOf(labels);
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("inputs: none (expected: at least one)");
        }
        Set<String> names = new HashSet<>();
        for (Input input : inputs) {
            if (input.name().isEmpty() || !names.add(input.name())) {
                throw new IllegalArgumentException(
                        "input '" + input.name() + "' (expected: a name that no other input has)");
            }
        }
        if (!names.add(output)) {
            throw new IllegalArgumentException(
                    "output '" + output + "' (expected: not an input's name)");
        }
        if ((task == Task.BINARY) != (classes != null)) {
            throw new IllegalArgumentException(
                    "task: "
                            + task.text()
                            + " (expected: binary with a positive and a negative class, or another"
                            + " task without)");
        }
        boolean sorted =
                labels.stream().sorted(Input.Category.BY_UTF8).distinct().toList().equals(labels);
        if ((task == Task.MULTICLASS) != (labels.size() > 2) || !sorted) {
            throw new IllegalArgumentException(
                    "classes: "
                            + labels.size()
                            + " (expected: of multiclass three or more, in order of UTF-8, none"
                            + " twice; of other tasks none)");
        }
    }

    /** How many numbers the model gives for a row: one for each of many classes, else one. */
    public int width() {
        return Math.max(labels.size(), 1);
    }

    /** The same, with another name for what the graph gives. */
    public Signature giving(String name) {
        return new Signature(task, target, inputs, name, classes, labels);
    }

    /** Whether rows are given labels: of a regression they are not. */
    public boolean decides() {
        return task != Task.REGRESSION;
    }

    /** A classifier; its output is called {@code probability}, or the next free name. */
    public static Signature binary(String target, List<Input> inputs, Classes classes) {
        return new Signature(
                Task.BINARY, target, inputs, free("probability", inputs), classes, List.of());
    }

    /**
     * A classifier of three or more classes; its output is called {@code probabilities}, or the
     * next free name.
     */
    public static Signature multiclass(String target, List<Input> inputs, List<String> labels) {
        return new Signature(
                Task.MULTICLASS, target, inputs, free("probabilities", inputs), null, labels);
    }

    /** A regression; its output is called {@code prediction}, or the next free name. */
    public static Signature regression(String target, List<Input> inputs) {
        return new Signature(
                Task.REGRESSION, target, inputs, free("prediction", inputs), null, List.of());
    }

    /** How many columns a matrix of all inputs has, see {@link Input#width}. */
    public int matrixWidth() {
        return inputs.stream().mapToInt(Input::width).sum();
    }

    /**
     * Whether every input is a number, or a category of which nothing stands for all others: then
     * the rows of a matrix say all that a caller's columns say.
     */
    public boolean plain() {
        return inputs.stream()
                .allMatch(
                        input ->
                                switch (input) {
                                    case Input.Number _ -> true;
                                    case Input.Category category -> !category.other();
                                    case Input.Moment _, Input.Text _ -> false;
                                });
    }

    /** The name itself, or with as many underscores as it takes to differ from every input. */
    static String free(String name, List<Input> inputs) {
        String free = name;
        while (taken(free, inputs)) {
            free += "_";
        }
        return free;
    }

    private static boolean taken(String name, List<Input> inputs) {
        return inputs.stream().anyMatch(input -> input.name().equals(name));
    }

    /** Whether another model answers the same question: target, task, and classes. */
    public boolean predictsTheSameAs(Signature other) {
        return task == other.task
                && target.equals(other.target)
                && labels.equals(other.labels)
                && (classes == null
                        ? other.classes == null
                        : other.classes != null
                                && classes.positive().equals(other.classes.positive())
                                && classes.negative().equals(other.classes.negative()));
    }

    /** As a JSON object; shapes are written [-1, 1], that of the output [-1, width]. */
    public ObjectNode json() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        ObjectNode json = nodes.objectNode();
        json.put("task", task.text());
        json.put("target", target);
        if (classes != null) {
            json.put("positive", classes.positive());
            json.put("negative", classes.negative());
            json.put("threshold", classes.threshold());
        }
        if (!labels.isEmpty()) {
            labels.forEach(json.putArray("classes")::add);
        }
        ArrayNode inputNodes = json.putArray("inputs");
        for (Input input : inputs) {
            ObjectNode node = tensor(inputNodes.addObject(), input.name(), input.datatype(), 1);
            switch (input) {
                case Input.Number number -> node.put("min", number.min()).put("max", number.max());
                case Input.Moment(String _, Input.Moment.Unit unit) ->
                        node.put("unit", unit.text());
                case Input.Category category -> {
                    category.categories().forEach(node.putArray("categories")::add);
                    if (category.other()) {
                        node.put("other", true);
                    }
                }
                case Input.Text _ -> node.put("words", true);
            }
        }
        tensor(json.putArray("outputs").addObject(), output, "FP32", width());
        return json;
    }

    private static ObjectNode tensor(ObjectNode node, String name, String datatype, int width) {
        node.put("name", name).put("datatype", datatype);
        node.putArray("shape").add(-1).add(width);
        return node;
    }

    /** The canonical JSON text in UTF-8: equal signatures have equal bytes. */
    public byte[] bytes() {
        return CanonicalJson.bytes(json());
    }

    /**
     * Reads what {@link #bytes} wrote.
     *
     * @throws ProblemException (INPUT) for anything else
     */
    public static Signature of(byte[] bytes) {
        try {
            return fromJson(JsonTree.read(bytes));
        } catch (JacksonException e) {
            throw malformed("not JSON: " + e.getOriginalMessage()).exception(e);
        }
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws ProblemException (INPUT) for anything else
     */
    public static Signature fromJson(JsonNode json) {
        try {
            List<Input> inputs = new ArrayList<>();
            for (JsonNode input : json.required("inputs")) {
                inputs.add(input(input));
            }
            String taskText = json.required("task").stringValue();
            Task task =
                    Task.named(taskText)
                            .orElseThrow(() -> malformed("task: " + taskText).exception());
            return new Signature(
                    task,
                    json.required("target").stringValue(),
                    inputs,
                    json.required("outputs").required(0).required("name").stringValue(),
                    task == Task.BINARY
                            ? new Classes(
                                    json.required("positive").stringValue(),
                                    json.required("negative").stringValue(),
                                    json.required("threshold").doubleValue())
                            : null,
                    labels(json));
        } catch (JacksonException e) {
            throw malformed(e.getOriginalMessage()).exception(e);
        } catch (IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage())).exception(e);
        }
    }

    private static List<String> labels(JsonNode json) {
        List<String> labels = new ArrayList<>();
        json.path("classes").forEach(each -> labels.add(each.stringValue()));
        return labels;
    }

    private static Input input(JsonNode node) {
        String name = node.required("name").stringValue();
        String datatype = node.required("datatype").stringValue();
        return switch (datatype) {
            case "FP64" ->
                    node.has("unit")
                            ? new Input.Moment(name, unit(node.required("unit").stringValue()))
                            : new Input.Number(
                                    name,
                                    node.required("min").doubleValue(),
                                    node.required("max").doubleValue());
            case "BYTES" -> {
                if (node.has("words")) {
                    yield new Input.Text(name);
                }
                List<String> categories = new ArrayList<>();
                node.required("categories").forEach(each -> categories.add(each.stringValue()));
                yield new Input.Category(name, categories, node.path("other").booleanValue(false));
            }
            default ->
                    throw malformed(
                                    "datatype of input '"
                                            + name
                                            + "': "
                                            + datatype
                                            + " (expected: FP64 or BYTES)")
                            .exception();
        };
    }

    private static Input.Moment.Unit unit(String text) {
        return Stream.of(Input.Moment.Unit.values())
                .filter(each -> each.text().equals(text))
                .findFirst()
                .orElseThrow(() -> malformed("unit: " + text).exception());
    }

    private static Problem malformed(String detail) {
        return Problem.input("model.signature", "signature: " + detail);
    }
}

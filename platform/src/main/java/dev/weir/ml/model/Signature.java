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

/**
 * What a model takes and gives. Stored as canonical JSON beside the ONNX file; the inputs and the
 * output suit the metadata of the inference protocol as they are.
 *
 * @param task binary or regression
 * @param target the column that the model predicts
 * @param inputs at least one, names distinct, in the order of the graph's inputs
 * @param output the graph's output: FP32, shape [N, 1]
 * @param classes for binary, else null
 */
public record Signature(
        Task task, String target, List<Input> inputs, String output, @Nullable Classes classes) {

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
        if (task == Task.MULTICLASS || (task == Task.BINARY) != (classes != null)) {
            throw new IllegalArgumentException(
                    "task: "
                            + task.text()
                            + " (expected: binary with two classes, or regression without)");
        }
    }

    /** A classifier; its output is called {@code probability}, or the next free name. */
    public static Signature binary(String target, List<Input> inputs, Classes classes) {
        return new Signature(Task.BINARY, target, inputs, free("probability", inputs), classes);
    }

    /** A regression; its output is called {@code prediction}, or the next free name. */
    public static Signature regression(String target, List<Input> inputs) {
        return new Signature(Task.REGRESSION, target, inputs, free("prediction", inputs), null);
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
                && (classes == null
                        ? other.classes == null
                        : other.classes != null
                                && classes.positive().equals(other.classes.positive())
                                && classes.negative().equals(other.classes.negative()));
    }

    /** As a JSON object; shapes are written [-1, 1]. */
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
        ArrayNode inputNodes = json.putArray("inputs");
        for (Input input : inputs) {
            ObjectNode node = tensor(inputNodes.addObject(), input.name(), input.datatype());
            switch (input) {
                case Input.Number number -> node.put("min", number.min()).put("max", number.max());
                case Input.Category category ->
                        category.categories().forEach(node.putArray("categories")::add);
            }
        }
        tensor(json.putArray("outputs").addObject(), output, "FP32");
        return json;
    }

    private static ObjectNode tensor(ObjectNode node, String name, String datatype) {
        node.put("name", name).put("datatype", datatype);
        node.putArray("shape").add(-1).add(1);
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
                            : null);
        } catch (JacksonException e) {
            throw malformed(e.getOriginalMessage()).exception(e);
        } catch (IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage())).exception(e);
        }
    }

    private static Input input(JsonNode node) {
        String name = node.required("name").stringValue();
        String datatype = node.required("datatype").stringValue();
        return switch (datatype) {
            case "FP64" ->
                    new Input.Number(
                            name,
                            node.required("min").doubleValue(),
                            node.required("max").doubleValue());
            case "BYTES" -> {
                List<String> categories = new ArrayList<>();
                node.required("categories").forEach(each -> categories.add(each.stringValue()));
                yield new Input.Category(name, categories);
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

    private static Problem malformed(String detail) {
        return Problem.input("model.signature", "signature: " + detail);
    }
}

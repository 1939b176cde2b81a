package dev.weir.ml.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tensors of one category's values, one row each: made when a value first comes, and used by
 * all rows after it, since making one costs as much as a small graph. As many as the category has
 * values, and two. Safe for use by many threads.
 */
final class CategoryTensors implements AutoCloseable {
    private static final long[] SHAPE = {1, 1};

    private final OrtEnvironment environment;
    private final Set<String> values;

    /** Stands for every text outside the set. */
    private final String outside;

    private final Map<String, OnnxTensor> tensors = new ConcurrentHashMap<>();

    CategoryTensors(Input.Category category, OrtEnvironment environment) {
        this.environment = environment;
        this.values = Set.copyOf(category.categories());
        String other = "";
        while (category.other() && (other.isEmpty() || values.contains(other))) {
            other += "?";
        }
        this.outside = other;
    }

    /** The tensor of a value; null and "" are missing. Closed here, never by who takes it. */
    OnnxTensor of(@Nullable String value) throws OrtException {
        String text =
                value == null || value.isEmpty() ? "" : values.contains(value) ? value : outside;
        OnnxTensor known = tensors.get(text);
        if (known != null) {
            return known;
        }
        OnnxTensor made = OnnxTensor.createTensor(environment, new String[] {text}, SHAPE);
        OnnxTensor first = tensors.putIfAbsent(text, made);
        if (first == null) {
            return made;
        }
        made.close();
        return first;
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
        tensors.clear();
    }
}

package dev.weir.stage.train;

import dev.weir.base.digest.JsonTree;
import dev.weir.base.problem.Problem;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The metrics that a program logs while it trains: a file of lines {@code {"metric":"loss",
 * "value":0.3,"step":1}}, of which step may be left out.
 *
 * @param values an array of such objects, in the order of the file
 * @param twice one sentence for each metric that was logged twice for one step; both are kept
 */
record LoggedMetrics(ArrayNode values, List<String> twice) {
    private static final int MOST = 100_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/ -]{1,250}");

    /**
     * Reads a file, which need not be there.
     *
     * @throws dev.weir.base.problem.ProblemException (STEP) for a line that is no metric
     */
    static LoggedMetrics read(Path file) throws IOException {
        ArrayNode values = JsonNodeFactory.instance.arrayNode();
        List<String> twice = new ArrayList<>();
        if (!Files.isRegularFile(file)) {
            return new LoggedMetrics(values, twice);
        }
        Map<String, Double> before = new HashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            ObjectNode metric = metric(file, number, line);
            String name = metric.path("metric").stringValue();
            long step = metric.path("step").longValue();
            double value = metric.path("value").doubleValue();
            Double other = before.put(name + "\n" + step, value);
            if (other != null) {
                twice.add(
                        "%s was logged twice at step %d: %s, then %s; both are kept"
                                .formatted(name, step, other, value));
            }
            if (values.size() < MOST) {
                values.add(metric);
            }
        }
        return new LoggedMetrics(values, twice);
    }

    private static ObjectNode metric(Path file, int number, String line) {
        JsonNode json;
        try {
            json = JsonTree.read(line);
        } catch (JacksonException e) {
            json = JsonNodeFactory.instance.nullNode();
        }
        if (!NAME.matcher(json.path("metric").asString("")).matches()
                || !json.path("value").isNumber()
                || json.has("step") && !json.path("step").isIntegralNumber()) {
            throw Problem.step(
                            "train.metrics",
                            "%s:%d: %s (expected: {\"metric\": NAME, \"value\": NUMBER, \"step\": WHOLE})"
                                    .formatted(
                                            file.getFileName(),
                                            number,
                                            line.length() > 80 ? line.substring(0, 80) : line))
                    .exception();
        }
        ObjectNode metric = JsonNodeFactory.instance.objectNode();
        metric.put("metric", json.path("metric").stringValue());
        metric.put("value", json.path("value").doubleValue());
        return metric.put("step", json.path("step").longValue(0));
    }
}

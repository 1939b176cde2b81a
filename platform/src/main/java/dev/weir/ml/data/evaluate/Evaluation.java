package dev.weir.ml.data.evaluate;

import dev.weir.ml.stats.Metrics;
import dev.weir.ml.stats.Task;
import dev.weir.ml.stats.fair.Fairness;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.SortedMap;

/**
 * What a table of predictions is worth.
 *
 * @param rows with a truth
 * @param withoutTruth rows that were left out
 * @param classes in the order of the confusion; the positive one last; empty of a regression
 * @param confusion rows are truths, columns decisions; sums of weights
 * @param groups metrics of the rows of each group, where one was asked for
 * @param fairness of a binary task with groups
 */
public record Evaluation(
        Task task,
        long rows,
        long withoutTruth,
        Metrics metrics,
        List<String> classes,
        double[][] confusion,
        SortedMap<String, Group> groups,
        @Nullable Fairness fairness) {

    /** The rows of one group. */
    public record Group(long rows, Metrics metrics) {}

    /** {@code {"task","rows","metrics","confusion","classes","groups","fairness"}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("task", task.text()).put("rows", rows).put("rows_without_truth", withoutTruth);
        json.set("metrics", metrics.json());
        ArrayNode table = json.putArray("confusion");
        for (double[] row : confusion) {
            ArrayNode cells = table.addArray();
            for (double cell : row) {
                if (cell == Math.rint(cell)) {
                    cells.add((long) cell);
                } else {
                    cells.add(cell);
                }
            }
        }
        classes.forEach(json.putArray("classes")::add);
        ObjectNode byGroup = json.putObject("groups");
        groups.forEach(
                (name, group) -> {
                    ObjectNode one = byGroup.putObject(name).put("rows", group.rows());
                    one.set("metrics", group.metrics().json());
                    if (fairness != null) {
                        one.set("rates", fairness.rates(name).json());
                    }
                });
        if (fairness != null) {
            ObjectNode gaps = fairness.gapsJson();
            fairness.skipped().forEach(gaps.putArray("skipped_groups")::add);
            json.set("fairness", gaps);
        }
        return json;
    }
}

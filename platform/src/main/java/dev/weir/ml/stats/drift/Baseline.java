package dev.weir.ml.stats.drift;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a table, so that others can be compared with it.
 *
 * <pre>{@code
 * byte[] kept = CanonicalJson.bytes(baseline.json());
 * Baseline.of(JsonTree.read(kept)).merge(ofTheNextMonth);
 * }</pre>
 */
public record Baseline(long rows, List<ColumnBaseline> columns) {
    /** The format that is written; others are refused. */
    public static final String FORMAT = "weir-baseline/1";

    public Baseline {
        columns = List.copyOf(columns);
    }

    /** The column of exactly this name. */
    public Optional<ColumnBaseline> column(String name) {
        return columns.stream().filter(c -> c.column().equals(name)).findFirst();
    }

    /**
     * The same.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) where there is none; its hint names
     *     the nearest
     */
    public ColumnBaseline required(String name) {
        return column(name)
                .orElseThrow(
                        () ->
                                Problem.input(
                                                "table.column",
                                                "column: "
                                                        + name
                                                        + " (expected: one of the baseline)")
                                        .hint(
                                                DidYouMean.hint(
                                                        name,
                                                        columns.stream()
                                                                .map(ColumnBaseline::column)
                                                                .toList()))
                                        .exception());
    }

    /**
     * The baseline of the rows of both tables: bins stay those of this one, counts add up, sketches
     * merge. Columns that only one has, or of another type, are left out.
     */
    public Baseline merge(Baseline later) {
        List<ColumnBaseline> both = new ArrayList<>();
        for (ColumnBaseline mine : columns) {
            later.column(mine.column())
                    .filter(mine::comparable)
                    .ifPresent(theirs -> both.add(mine.merge(theirs)));
        }
        return new Baseline(rows + later.rows, both);
    }

    /** As JSON; equal baselines give equal JSON. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT).put("rows", rows);
        var all = json.putArray("columns");
        columns.forEach(column -> all.add(BaselineJson.write(column)));
        return json;
    }

    /**
     * Reads what {@link #json()} wrote.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) where it is of another format, or of
     *     none
     */
    public static Baseline of(JsonNode json) {
        String format = json.path("format").asString("none");
        if (!format.equals(FORMAT)) {
            throw Problem.input(
                            "baseline.format",
                            "baseline of format " + format + " (expected: " + FORMAT + ")")
                    .hint("Another version of Weir wrote it: make it again from its table.")
                    .exception();
        }
        try {
            List<ColumnBaseline> columns = new ArrayList<>();
            for (JsonNode column : json.required("columns")) {
                columns.add(BaselineJson.read(column));
            }
            return new Baseline(json.required("rows").longValue(), columns);
        } catch (IllegalArgumentException | tools.jackson.core.JacksonException e) {
            throw Problem.input(
                            "baseline.broken",
                            "baseline: " + e.getMessage() + " (expected: as it was written)")
                    .exception(e);
        }
    }
}

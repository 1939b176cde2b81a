package dev.weir.ml.data.profile;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.Schema;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known about the rows of a table. The same rows give the same profile, to the last digit.
 *
 * @param rows how many there are
 * @param columns in the order of the table
 */
public record Profile(long rows, List<ColumnProfile> columns) {
    /** The probabilities of {@link Numbers#quantiles}. */
    public static final List<Double> PROBABILITIES =
            List.of(0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99);

    private static final long LONGEST_NAME = 64;
    private static final long FEWEST_NAMED = 20;

    public Profile {
        columns = List.copyOf(columns);
    }

    /**
     * One column.
     *
     * @param nulls how many values are missing
     * @param distinct how many different values there are, missing ones apart
     * @param distinctExact whether {@code distinct} was counted; else it is an estimate by
     *     HyperLogLog, some percent off
     * @param min the smallest finite value as text; null for text, booleans and where there is none
     * @param max the largest
     * @param numbers null where the column holds no numbers, or none that is finite
     * @param lengths null where the column holds no text
     * @param top the most frequent values, at most 100, most frequent first; empty where there are
     *     more than 1,000 different ones
     */
    public record ColumnProfile(
            Column column,
            long nulls,
            long distinct,
            boolean distinctExact,
            @Nullable String min,
            @Nullable String max,
            @Nullable Numbers numbers,
            @Nullable Lengths lengths,
            List<Count> top) {
        public ColumnProfile {
            top = List.copyOf(top);
        }

        /** The column's name. */
        public String name() {
            return column.name();
        }

        /**
         * Whether the column seems to name rows: whole numbers or texts of at most 64 characters,
         * none missing, no two equal, in 20 rows or more.
         */
        public boolean namesRows(long rows) {
            boolean shape =
                    column.type() == ColumnType.BIGINT
                            || (column.type() == ColumnType.VARCHAR
                                    && lengths != null
                                    && lengths.max() <= LONGEST_NAME);
            return shape && rows >= FEWEST_NAMED && nulls == 0 && distinctExact && distinct == rows;
        }

        /** Whether {@link #top} has every value. */
        public boolean topIsAll() {
            return distinctExact && top.size() == distinct;
        }
    }

    /**
     * Numbers of a column; NaN and infinities are counted and else left out.
     *
     * @param mean of the finite values
     * @param deviation their sample standard deviation (n - 1); 0 for a single value
     * @param quantiles values of the column at {@link #PROBABILITIES}, by inverse distribution
     * @param quantilesExact false: of a fixed sample of about 100,000 rows
     */
    public record Numbers(
            double mean,
            double deviation,
            List<Double> quantiles,
            boolean quantilesExact,
            long nan,
            long infinite) {
        public Numbers {
            quantiles = List.copyOf(quantiles);
        }
    }

    /** Lengths of texts in characters. */
    public record Lengths(long min, long max, double mean) {}

    /** A value as text, and how many rows have it. */
    public record Count(String value, long rows) {}

    /** The profile of the column of exactly this name. */
    public Optional<ColumnProfile> column(String name) {
        return columns.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /** The columns without their figures. */
    public Schema schema() {
        return new Schema(columns.stream().map(ColumnProfile::column).toList());
    }

    /** As JSON; equal profiles give equal JSON. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("rows", rows);
        var array = json.putArray("columns");
        for (ColumnProfile column : columns) {
            write(column, array.addObject());
        }
        return json;
    }

    private static void write(ColumnProfile column, ObjectNode json) {
        json.put("name", column.name()).put("type", column.column.declared());
        json.put("nulls", column.nulls).put("distinct", column.distinct);
        json.put("distinct_exact", column.distinctExact);
        bound(json, "min", column.column.type(), column.min);
        bound(json, "max", column.column.type(), column.max);
        Numbers numbers = column.numbers;
        if (numbers != null) {
            json.put("mean", numbers.mean).put("deviation", numbers.deviation);
            var quantiles = json.putArray("quantiles");
            for (int q = 0; q < numbers.quantiles.size(); q++) {
                quantiles
                        .addObject()
                        .put("p", PROBABILITIES.get(q))
                        .put("value", numbers.quantiles.get(q));
            }
            json.put("quantiles_exact", numbers.quantilesExact);
            json.put("nan", numbers.nan).put("infinite", numbers.infinite);
        }
        Lengths lengths = column.lengths;
        if (lengths != null) {
            json.putObject("length")
                    .put("min", lengths.min)
                    .put("max", lengths.max)
                    .put("mean", lengths.mean);
        }
        if (!column.top.isEmpty()) {
            var top = json.putArray("top");
            column.top.forEach(c -> top.addObject().put("value", c.value).put("rows", c.rows));
        }
    }

    private static void bound(ObjectNode json, String key, ColumnType type, @Nullable String text) {
        if (text == null) {
            return;
        }
        switch (type) {
            case BIGINT -> json.put(key, Long.parseLong(text));
            case DOUBLE, DECIMAL -> json.put(key, Double.parseDouble(text));
            case BOOLEAN, VARCHAR, DATE, TIMESTAMP -> json.put(key, text);
        }
    }

    /** Reads what {@link #json()} wrote. */
    public static Profile of(JsonNode json) {
        List<ColumnProfile> columns = new ArrayList<>();
        for (JsonNode column : json.required("columns")) {
            columns.add(read(column));
        }
        return new Profile(json.required("rows").longValue(), columns);
    }

    private static ColumnProfile read(JsonNode json) {
        List<Count> top = new ArrayList<>();
        for (JsonNode count : json.path("top")) {
            top.add(
                    new Count(
                            count.required("value").stringValue(),
                            count.required("rows").longValue()));
        }
        List<Double> quantiles = new ArrayList<>();
        for (JsonNode quantile : json.path("quantiles")) {
            quantiles.add(quantile.required("value").doubleValue());
        }
        JsonNode length = json.get("length");
        return new ColumnProfile(
                Column.of(json.required("name").stringValue(), json.required("type").stringValue()),
                json.required("nulls").longValue(),
                json.required("distinct").longValue(),
                json.required("distinct_exact").booleanValue(),
                text(json.get("min")),
                text(json.get("max")),
                json.has("mean")
                        ? new Numbers(
                                json.required("mean").doubleValue(),
                                json.required("deviation").doubleValue(),
                                quantiles,
                                json.required("quantiles_exact").booleanValue(),
                                json.required("nan").longValue(),
                                json.required("infinite").longValue())
                        : null,
                length == null
                        ? null
                        : new Lengths(
                                length.required("min").longValue(),
                                length.required("max").longValue(),
                                length.required("mean").doubleValue()),
                top);
    }

    private static @Nullable String text(@Nullable JsonNode bound) {
        if (bound == null) {
            return null;
        }
        if (bound.isString()) {
            return bound.stringValue();
        }
        return bound.isIntegralNumber()
                ? String.valueOf(bound.longValue())
                : String.valueOf(bound.doubleValue());
    }
}

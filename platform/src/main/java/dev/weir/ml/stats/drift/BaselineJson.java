package dev.weir.ml.stats.drift;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The baseline of a column as JSON. */
final class BaselineJson {
    private BaselineJson() {}

    static ObjectNode write(ColumnBaseline column) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", column.column()).put("rows", column.rows());
        json.put("missing", column.missing()).put("infinite", column.infinite());
        switch (column.bins()) {
            case Binning.None() -> json.put("type", "text");
            case Binning.Categories(var names) -> {
                json.put("type", "categorical").put("singles", column.singles());
                names.forEach(json.putArray("categories")::add);
            }
            case Binning.Edges(double[] inner) -> numbers(json, column, "edges", inner);
            case Binning.Values(double[] values) -> numbers(json, column, "values", values);
        }
        ArrayNode counts = json.putArray("counts");
        Arrays.stream(column.counts()).forEach(counts::add);
        return json;
    }

    private static void numbers(
            ObjectNode json, ColumnBaseline column, String key, double[] bounds) {
        json.put("type", "numeric");
        doubles(json.putArray(key), bounds);
        ColumnBaseline.Numbers numbers = column.numbers();
        if (numbers != null && numbers.seen() > 0) {
            json.put("seen", numbers.seen());
            json.putObject("moments")
                    .put("count", numbers.moments().count())
                    .put("mean", numbers.moments().mean())
                    .put("squares", numbers.moments().squares());
            json.putObject("spread")
                    .put("iqr", numbers.spread().iqr())
                    .put("low", numbers.spread().low())
                    .put("high", numbers.spread().high());
            json.put("sketch", Base64.getEncoder().encodeToString(numbers.sketch().bytes()));
        }
    }

    private static void doubles(ArrayNode json, double[] values) {
        for (double value : values) {
            json.add(value);
        }
    }

    static ColumnBaseline read(JsonNode json) {
        String type = json.required("type").stringValue();
        boolean numeric = type.equals("numeric");
        Binning bins =
                switch (type) {
                    case "text" -> new Binning.None();
                    case "categorical" -> new Binning.Categories(texts(json));
                    case "numeric" ->
                            json.has("edges")
                                    ? new Binning.Edges(doubles(json.required("edges")))
                                    : new Binning.Values(doubles(json.required("values")));
                    default -> throw new IllegalArgumentException("a column of type " + type);
                };
        long[] counts = new long[json.required("counts").size()];
        Arrays.setAll(counts, i -> json.required("counts").get(i).longValue());
        if (counts.length != bins.size()) {
            throw new IllegalArgumentException(
                    counts.length + " counts in " + bins.size() + " bins");
        }
        return new ColumnBaseline(
                json.required("name").stringValue(),
                json.required("rows").longValue(),
                json.required("missing").longValue(),
                json.required("infinite").longValue(),
                bins,
                counts,
                json.path("singles").asLong(0),
                numeric ? numbers(json) : null);
    }

    private static ColumnBaseline.Numbers numbers(JsonNode json) {
        if (!json.has("sketch")) {
            return ColumnBaseline.Numbers.of(new double[0]);
        }
        JsonNode moments = json.required("moments");
        Moments read =
                new Moments(
                        moments.required("count").longValue(),
                        moments.required("mean").doubleValue(),
                        moments.required("squares").doubleValue());
        JsonNode spread = json.required("spread");
        return new ColumnBaseline.Numbers(
                read,
                new DistanceScale.Spread(
                        read.deviation(),
                        spread.required("iqr").doubleValue(),
                        spread.required("low").doubleValue(),
                        spread.required("high").doubleValue()),
                QuantileSketch.of(
                        Base64.getDecoder().decode(json.required("sketch").stringValue())),
                json.required("seen").longValue());
    }

    private static List<String> texts(JsonNode json) {
        List<String> texts = new ArrayList<>();
        json.required("categories").forEach(name -> texts.add(name.stringValue()));
        return texts;
    }

    private static double[] doubles(JsonNode list) {
        double[] values = new double[list.size()];
        Arrays.setAll(values, i -> list.get(i).doubleValue());
        return values;
    }
}

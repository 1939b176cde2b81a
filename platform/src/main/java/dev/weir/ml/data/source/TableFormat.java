package dev.weir.ml.data.source;

import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a file of rows is read. In a pipeline file it stands beside the file's name, and only where
 * it differs from the default:
 *
 * <pre>{@code
 * source: {file: data/adult.csv, delimiter: ",", quote: '"', header: false, names: [a, b], null: ["", "?"]}
 * }</pre>
 */
public sealed interface TableFormat {
    /** Columns by DuckDB's Parquet reader. */
    record Parquet() implements TableFormat {}

    /**
     * One JSON object in each line.
     *
     * @param nulls texts that mean a missing value, besides JSON's own null
     * @param dates how days are written
     */
    record JsonLines(List<String> nulls, DateOrder dates) implements TableFormat {
        public JsonLines {
            nulls = List.copyOf(nulls);
        }
    }

    /**
     * Delimited text in UTF-8. A quote begins a quoted value only as its first character; elsewhere
     * it is a character like any other. Line ends are LF or CRLF; a quoted value may hold both.
     * Blank lines are no rows where there are two columns or more.
     *
     * @param delimiter one ASCII character
     * @param quote null: no quoting
     * @param escape before a quote within a quoted value; null: the quote itself, doubled
     * @param header whether the first line of each file has the names
     * @param names the names where the file has none; empty: as the header or the schema says
     * @param nulls texts that mean a missing value, quoted or not
     * @param trim whether blanks around an unquoted value are dropped
     * @param dates how days are written
     */
    record Csv(
            char delimiter,
            @Nullable Character quote,
            @Nullable Character escape,
            boolean header,
            List<String> names,
            List<String> nulls,
            boolean trim,
            DateOrder dates)
            implements TableFormat {
        /** What a pipeline file that says nothing means. */
        public static final Csv DEFAULT =
                new Csv(',', '"', null, true, List.of(), List.of(""), false, DateOrder.YEAR_FIRST);

        public Csv {
            names = List.copyOf(names);
            nulls = List.copyOf(nulls);
        }

        /** The mapping with every key, so that nothing is left to guess. */
        ObjectNode everything() {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("format", "csv");
            json.put("delimiter", String.valueOf(delimiter));
            json.put("quote", quote == null ? "none" : quote.toString());
            json.put("escape", escape == null ? "none" : escape.toString());
            json.put("header", header).put("trim", trim).put("dates", dates.text());
            names.forEach(json.putArray("names")::add);
            nulls.forEach(json.putArray("null")::add);
            return json;
        }
    }

    /**
     * The format that a {@code source} mapping means; what it leaves out takes the default, and the
     * kind follows from the file's extension.
     *
     * @throws dev.weir.base.problem.ProblemException for a value out of range
     */
    static TableFormat of(JsonNode source) {
        return switch (kind(source)) {
            case "parquet" -> new Parquet();
            case "jsonl" -> new JsonLines(texts(source, "null", List.of()), dates(source));
            default -> csv(source);
        };
    }

    private static String kind(JsonNode source) {
        String given = text(source, "format");
        if (given != null) {
            if (!List.of("csv", "parquet", "jsonl").contains(given)) {
                throw wrong("format", given, "csv, parquet or jsonl");
            }
            return given;
        }
        String file = extension(source);
        return switch (file) {
            case "parquet", "pq" -> "parquet";
            case "jsonl", "ndjson", "json" -> "jsonl";
            default -> "csv";
        };
    }

    private static String extension(JsonNode source) {
        String file = text(source, "file");
        return file == null
                ? ""
                : file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static Csv csv(JsonNode source) {
        boolean tabs = extension(source).equals("tsv");
        Character delimiter = character(source, "delimiter", tabs ? '\t' : ',');
        if (delimiter == null) {
            throw wrong("delimiter", "none", "one character");
        }
        List<String> names = texts(source, "names", List.of());
        return new Csv(
                delimiter,
                character(source, "quote", '"'),
                character(source, "escape", null),
                flag(source, "header", names.isEmpty()),
                names,
                texts(source, "null", Csv.DEFAULT.nulls()),
                flag(source, "trim", false),
                dates(source));
    }

    /**
     * The mapping of a pipeline file: only what differs from the default for this file's extension.
     *
     * @param file the file or glob, as the project names it
     */
    default ObjectNode json(String file) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("file", file);
        TableFormat assumed = of(json);
        if (!assumed.getClass().equals(getClass())) {
            json.put(
                    "format",
                    switch (this) {
                        case Csv ignored -> "csv";
                        case Parquet ignored -> "parquet";
                        case JsonLines ignored -> "jsonl";
                    });
            assumed = of(json);
        }
        switch (this) {
            case Parquet ignored -> {}
            case JsonLines lines -> {
                putTexts(json, "null", lines.nulls, ((JsonLines) assumed).nulls);
                putDates(json, lines.dates);
            }
            case Csv csv -> {
                Csv usual = (Csv) assumed;
                if (csv.delimiter != usual.delimiter) {
                    json.put("delimiter", String.valueOf(csv.delimiter));
                }
                if (csv.quote == null || csv.quote != '"') {
                    json.put("quote", csv.quote == null ? "none" : csv.quote.toString());
                }
                if (csv.escape != null) {
                    json.put("escape", csv.escape.toString());
                }
                if (!csv.header) {
                    json.put("header", false);
                }
                putTexts(json, "names", csv.names, List.of());
                putTexts(json, "null", csv.nulls, usual.nulls);
                if (csv.trim) {
                    json.put("trim", true);
                }
                if (csv.header && !csv.names.isEmpty()) {
                    json.put("header", true);
                }
                putDates(json, csv.dates);
            }
        }
        return json;
    }

    private static void putTexts(
            ObjectNode json, String key, List<String> texts, List<String> usual) {
        if (!texts.equals(usual)) {
            var array = json.putArray(key);
            texts.forEach(array::add);
        }
    }

    private static void putDates(ObjectNode json, DateOrder dates) {
        if (dates != DateOrder.YEAR_FIRST) {
            json.put("dates", dates.text());
        }
    }

    private static DateOrder dates(JsonNode source) {
        String text = text(source, "dates");
        if (text == null) {
            return DateOrder.YEAR_FIRST;
        }
        for (DateOrder order : DateOrder.values()) {
            if (order.text().equals(text)) {
                return order;
            }
        }
        throw wrong("dates", text, "year-first, month-first or day-first");
    }

    private static @Nullable String text(JsonNode source, String key) {
        JsonNode value = source.get(key);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw wrong(key, value.toString(), "text");
        }
        return value.stringValue();
    }

    private static @Nullable Character character(
            JsonNode source, String key, @Nullable Character usual) {
        JsonNode value = source.get(key);
        if (value == null) {
            return usual;
        }
        if (value.isNull()) {
            return null;
        }
        String text = value.isString() ? value.stringValue() : value.toString();
        String meant = text.equals("\\t") || text.equals("tab") ? "\t" : text;
        if (meant.isEmpty() || meant.equals("none")) {
            return null;
        }
        if (meant.length() != 1
                || meant.charAt(0) > 126
                || meant.charAt(0) == '\n'
                || meant.charAt(0) == '\r') {
            throw wrong(key, '"' + text + '"', "one ASCII character, or none");
        }
        return meant.charAt(0);
    }

    private static boolean flag(JsonNode source, String key, boolean usual) {
        JsonNode value = source.get(key);
        if (value == null || value.isNull()) {
            return usual;
        }
        if (!value.isBoolean()) {
            throw wrong(key, value.toString(), "true or false");
        }
        return value.booleanValue();
    }

    private static List<String> texts(JsonNode source, String key, List<String> usual) {
        JsonNode value = source.get(key);
        if (value == null || value.isNull()) {
            return usual;
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text :
                value.isArray() ? value : JsonNodeFactory.instance.arrayNode().add(value)) {
            if (text.isContainer()) {
                throw wrong(key, value.toString(), "a list of texts");
            }
            texts.add(text.isString() ? text.stringValue() : text.toString());
        }
        return texts;
    }

    private static RuntimeException wrong(String key, String value, String expected) {
        return Problem.input(
                        "source." + key,
                        "source." + key + ": " + value + " (expected: " + expected + ")")
                .exception();
    }
}

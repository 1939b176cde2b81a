package dev.weir.server.inference;

import dev.weir.base.problem.Problem;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;
import dev.weir.stage.deploy.Prediction;
import dev.weir.stage.deploy.Rows;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * MLflow's scoring protocol: rows as {@code dataframe_split}, {@code dataframe_records}, {@code
 * instances}, {@code inputs} or CSV. As MLflow's own server does, columns that the model does not
 * take are left out, and those that it takes must be there.
 */
final class Invocation {
    private static final List<String> FORMS =
            List.of("dataframe_split", "dataframe_records", "instances", "inputs");

    private Invocation() {}

    /** Rows as a client wrote them: names, and texts, numbers or nothing under each. */
    private record Table(List<String> names, List<List<JsonNode>> rows) {}

    /**
     * Reads a body.
     *
     * @param contentType as it was sent; empty is JSON
     * @throws dev.weir.base.problem.ProblemException where it is none of the forms, or not what the
     *     model takes
     */
    static Rows read(byte[] body, String contentType, Signature signature, int mostRows) {
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";");
        for (int i = 1; i < parts.length; i++) {
            if (!parts[i].strip().equals("charset=utf-8")) {
                throw wrongType(contentType);
            }
        }
        Table table =
                switch (parts[0].strip()) {
                    case "", "application/json" -> json(body, signature, mostRows);
                    case "text/csv" -> csv(body, mostRows);
                    default -> throw wrongType(contentType);
                };
        return rows(table, signature, mostRows);
    }

    private static RuntimeException wrongType(String contentType) {
        return Problem.input(
                        "body.type",
                        "Content-Type: %s (expected: application/json or text/csv, in utf-8)"
                                .formatted(contentType))
                .exception();
    }

    private static Table json(byte[] body, Signature signature, int mostRows) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(body);
        } catch (JacksonException e) {
            throw InferRequest.malformed(e);
        }
        List<String> forms = FORMS.stream().filter(root::has).toList();
        if (!root.isObject() || forms.size() != 1) {
            throw bad(
                    "The body must be an object with exactly one of %s (the protocol of MLflow 2.0 and later)"
                            .formatted(String.join(", ", FORMS)));
        }
        JsonNode value = root.path(forms.getFirst());
        JsonNode rows = value.isArray() ? value : value.path("data");
        if (rows.size() > mostRows) {
            throw tooMany(rows.size(), mostRows);
        }
        return switch (forms.getFirst()) {
            case "dataframe_split" -> split(value);
            case "dataframe_records" -> records(value, signature, "dataframe_records");
            case "instances" -> instances(value, signature);
            default -> inputs(value, signature);
        };
    }

    private static RuntimeException tooMany(int rows, int most) {
        return Problem.input("request.rows", "%d rows (expected: at most %d)".formatted(rows, most))
                .exception();
    }

    private static RuntimeException bad(String message) {
        return Problem.input("body.form", message).exception();
    }

    private static Table split(JsonNode value) {
        JsonNode columns = value.path("columns");
        JsonNode data = value.path("data");
        if (!columns.isArray() || !data.isArray()) {
            throw bad("dataframe_split: (expected: an object with columns and data)");
        }
        List<String> names = new ArrayList<>();
        columns.forEach(name -> names.add(name.asString()));
        List<List<JsonNode>> rows = new ArrayList<>();
        for (JsonNode row : data) {
            rows.add(cells(row, names.size(), rows.size()));
        }
        return new Table(names, rows);
    }

    private static List<JsonNode> cells(JsonNode row, int width, int index) {
        if (!row.isArray() || row.size() != width) {
            throw bad("row %d: (expected: an array of %d values)".formatted(index + 1, width));
        }
        return row.valueStream().toList();
    }

    private static Table records(JsonNode value, Signature signature, String form) {
        if (!value.isArray()) {
            throw bad(form + ": (expected: an array of objects)");
        }
        for (JsonNode row : value) {
            if (!row.isObject()) {
                throw bad(form + ": (expected: an array of objects)");
            }
        }
        List<String> names =
                signature.inputs().stream()
                        .map(Input::name)
                        .filter(name -> value.valueStream().anyMatch(row -> row.has(name)))
                        .toList();
        List<List<JsonNode>> rows = new ArrayList<>();
        for (JsonNode row : value) {
            rows.add(names.stream().map(row::path).toList());
        }
        return new Table(names, rows);
    }

    private static Table instances(JsonNode value, Signature signature) {
        if (value.isArray() && !value.isEmpty() && value.path(0).isObject()) {
            return records(value, signature, "instances");
        }
        return positional(value, signature, "instances");
    }

    /** Without names, values stand in the order of the signature. */
    private static Table positional(JsonNode value, Signature signature, String form) {
        if (!value.isArray()) {
            throw bad(form + ": (expected: an array)");
        }
        List<String> names = signature.inputs().stream().map(Input::name).toList();
        List<List<JsonNode>> rows = new ArrayList<>();
        for (JsonNode row : value) {
            rows.add(
                    names.size() == 1 && !row.isArray()
                            ? List.of(row)
                            : cells(row, names.size(), rows.size()));
        }
        return new Table(names, rows);
    }

    /** Column by column, or a tensor. */
    private static Table inputs(JsonNode value, Signature signature) {
        if (!value.isObject()) {
            return positional(value, signature, "inputs");
        }
        List<String> names = List.copyOf(value.propertyNames());
        int count = names.isEmpty() ? 0 : listed(value.path(names.getFirst())).size();
        List<List<JsonNode>> columns = new ArrayList<>();
        for (String name : names) {
            List<JsonNode> column = listed(value.path(name));
            if (column.size() != count) {
                throw bad(
                        "inputs: %s has %d values (expected: %d, as %s has)"
                                .formatted(name, column.size(), count, names.getFirst()));
            }
            columns.add(column);
        }
        List<List<JsonNode>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int row = i;
            rows.add(columns.stream().map(column -> column.get(row)).toList());
        }
        return new Table(names, rows);
    }

    /** The values of a column, each alone or in an array of one. */
    private static List<JsonNode> listed(JsonNode column) {
        if (!column.isArray()) {
            return List.of(column);
        }
        return column.valueStream()
                .map(each -> each.isArray() && each.size() == 1 ? each.path(0) : each)
                .toList();
    }

    private static Table csv(byte[] body, int mostRows) {
        List<List<@Nullable String>> lines =
                CsvText.rows(new String(body, StandardCharsets.UTF_8), mostRows + 1);
        if (lines.isEmpty()) {
            throw bad("CSV: no row of names");
        }
        List<String> names = new ArrayList<>();
        for (String name : lines.getFirst()) {
            names.add(name == null ? "" : name);
        }
        List<List<JsonNode>> rows = new ArrayList<>();
        for (List<@Nullable String> line : lines.subList(1, lines.size())) {
            if (line.size() != names.size()) {
                throw bad(
                        "CSV: row %d has %d values (expected: %d)"
                                .formatted(rows.size() + 1, line.size(), names.size()));
            }
            List<JsonNode> row = new ArrayList<>();
            for (String cell : line) {
                row.add(
                        cell == null
                                ? JsonMapper.shared().getNodeFactory().nullNode()
                                : JsonMapper.shared().getNodeFactory().stringNode(cell));
            }
            rows.add(row);
        }
        return new Table(names, rows);
    }

    private static Rows rows(Table table, Signature signature, int mostRows) {
        RowsOf rows = new RowsOf(signature, mostRows);
        for (int c = 0; c < table.names().size(); c++) {
            int place = rows.place(table.names().get(c), c);
            if (place >= 0) {
                rows.put(place, column(table, c, rows.input(place)));
            }
        }
        return rows.rows();
    }

    private static Columns.Column column(Table table, int c, Input input) {
        int count = table.rows().size();
        if (input.datatype().equals("FP64")) {
            double[] values = new double[count];
            for (int r = 0; r < count; r++) {
                values[r] = number(table.rows().get(r).get(c), input, r);
            }
            return new Columns.Numbers(values);
        }
        @Nullable String[] values = new @Nullable String[count];
        for (int r = 0; r < count; r++) {
            values[r] = text(table.rows().get(r).get(c), input, r);
        }
        return new Columns.Texts(values);
    }

    private static double number(JsonNode value, Input input, int row) {
        if (value.isMissingNode() || value.isNull()) {
            return Double.NaN;
        }
        if (value.isNumber()) {
            return Double.parseDouble(value.asString()); // of any length; too large is infinite
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? 1 : 0;
        }
        if (value.isString()) {
            String text = value.stringValue().strip();
            if (text.isEmpty()) {
                return Double.NaN;
            }
            try {
                return switch (input) {
                    case Input.Moment moment -> moment(text, moment.unit());
                    default -> written(text);
                };
            } catch (DateTimeException | NumberFormatException e) {
                throw wrong(value, input, row);
            }
        }
        throw wrong(value, input, row);
    }

    /** A number as CSV has it; hexadecimal and names of numbers are none. */
    private static double written(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
                throw new NumberFormatException(text);
            }
        }
        return Double.parseDouble(text);
    }

    private static double moment(String text, Input.Moment.Unit unit) {
        boolean day = text.length() <= 10;
        return switch (unit) {
            case DAYS ->
                    LocalDate.parse(text.substring(0, Math.min(10, text.length()))).toEpochDay();
            case SECONDS -> {
                LocalDateTime moment =
                        day
                                ? LocalDate.parse(text).atStartOfDay()
                                : LocalDateTime.parse(text.replace(' ', 'T').replace("Z", ""));
                yield moment.toEpochSecond(ZoneOffset.UTC) + moment.getNano() / 1e9;
            }
        };
    }

    private static @Nullable String text(JsonNode value, Input input, int row) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (value.isString()) {
            return value.stringValue();
        }
        throw wrong(value, input, row);
    }

    private static RuntimeException wrong(JsonNode value, Input input, int row) {
        return Problem.input(
                        "input.type",
                        "%s: %s in row %d (expected: %s)"
                                .formatted(
                                        input.name(),
                                        value,
                                        row + 1,
                                        switch (input) {
                                            case Input.Number _ -> "a number";
                                            case Input.Moment _ -> "a date as 2026-11-01";
                                            case Input.Category _, Input.Text _ -> "a text";
                                        }))
                .exception();
    }

    /**
     * The answer: of a regression the numbers, else for each row its label and numbers, in the
     * words of {@code weir predict}.
     */
    static byte[] answer(Prediction prediction) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        Signature signature = prediction.signature();
        int width = signature.width();
        try (JsonGenerator json = JsonMapper.shared().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeName("predictions");
            json.writeStartArray();
            for (int row = 0; row < prediction.rows(); row++) {
                if (!prediction.decides()) {
                    json.writeNumber(prediction.outputs()[row]);
                    continue;
                }
                json.writeStartObject();
                if (width == 1) {
                    json.writeNumberProperty("score", prediction.outputs()[row]);
                }
                json.writeStringProperty("decision", prediction.decision(row));
                for (int k = 0; width > 1 && k < width; k++) {
                    json.writeNumberProperty(
                            "p_" + signature.labels().get(k),
                            prediction.outputs()[row * width + k]);
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }
}

package dev.weir.server.inference;

import dev.weir.base.problem.Problem;
import dev.weir.ml.model.Signature;
import dev.weir.stage.deploy.Rows;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.util.ArrayList;
import java.util.List;

/**
 * A request of the inference protocol.
 *
 * @param id the client's own, given back; null where it sent none
 * @param outputs those that it asks for, in its order; empty asks for all
 * @param allBinary whether outputs are wanted as bytes unless one says otherwise
 */
record InferRequest(@Nullable String id, Rows rows, List<Wanted> outputs, boolean allBinary) {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * An output that is asked for.
     *
     * @param binary whether as bytes; null leaves it to the request
     */
    record Wanted(String name, @Nullable Boolean binary) {}

    /**
     * Reads a body.
     *
     * @param jsonBytes how many bytes of it are JSON; the rest are tensors
     * @throws dev.weir.base.problem.ProblemException where it is not what the model takes
     */
    static InferRequest read(byte[] body, int jsonBytes, Signature signature, int mostRows) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body, 0, jsonBytes)) {
            return new Reader(json, body, jsonBytes, new RowsOf(signature, mostRows)).request();
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    static RuntimeException malformed(JacksonException e) {
        String where =
                e.getLocation() == null
                        ? ""
                        : " at line %d, column %d"
                                .formatted(
                                        e.getLocation().getLineNr(), e.getLocation().getColumnNr());
        return Problem.input("body.json", "not JSON" + where + ": " + e.getOriginalMessage())
                .exception(e);
    }

    /** One pass over the JSON. */
    private static final class Reader {
        private static final int DEEPEST = 8;
        private static final int MOST_OUTPUTS = 64;

        private final JsonParser json;
        private final BinaryTensors binary;
        private final RowsOf rows;
        private @Nullable String id;
        private final List<Wanted> outputs = new ArrayList<>();
        private boolean allBinary;
        private int inputs;

        Reader(JsonParser json, byte[] body, int jsonBytes, RowsOf rows) {
            this.json = json;
            this.binary = new BinaryTensors(body, jsonBytes);
            this.rows = rows;
        }

        InferRequest request() {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw wrong("the body", "an object");
            }
            boolean hasInputs = false;
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "inputs" -> {
                        hasInputs = true;
                        array("inputs");
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            input();
                        }
                    }
                    case "outputs" -> {
                        array("outputs");
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            Wanted wanted = output();
                            if (outputs.stream().anyMatch(o -> o.name().equals(wanted.name()))) {
                                throw Problem.input(
                                                "output.twice",
                                                "output '" + wanted.name() + "': asked for twice")
                                        .exception();
                            }
                            outputs.add(wanted);
                            if (outputs.size() > MOST_OUTPUTS) {
                                throw wrong("outputs", "those that the model has");
                            }
                        }
                    }
                    case "id" -> {
                        if (value != JsonToken.VALUE_STRING) {
                            throw wrong("id", "a text");
                        }
                        id = json.getString();
                    }
                    case "parameters" -> parameters();
                    default -> json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw wrong("behind the object", "nothing");
            }
            if (!hasInputs) {
                throw Problem.input("input.missing", "no inputs (expected: an array of tensors)")
                        .exception();
            }
            binary.checkEnd();
            return new InferRequest(id, rows.rows(), outputs, allBinary);
        }

        private void parameters() {
            object("parameters");
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("binary_data_output")) {
                    allBinary = value == JsonToken.VALUE_TRUE;
                } else {
                    json.skipChildren();
                }
            }
        }

        private Wanted output() {
            object("outputs");
            String name = null;
            Boolean wanted = null;
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                JsonToken value = json.nextToken();
                switch (key) {
                    case "name" -> name = text("name of an output");
                    case "parameters" -> {
                        object("parameters");
                        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                            boolean asked = json.currentName().equals("binary_data");
                            JsonToken flag = json.nextToken();
                            if (asked) {
                                wanted = flag == JsonToken.VALUE_TRUE;
                            } else {
                                json.skipChildren();
                            }
                        }
                    }
                    default -> json.skipChildren();
                }
                if (value == null) {
                    break; // the body ends here; the parser says so at the next step
                }
            }
            if (name == null) {
                throw Problem.input("output.name", "an output without a name").exception();
            }
            return new Wanted(name, wanted);
        }

        private void input() {
            object("inputs");
            Tensor tensor = new Tensor();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                json.nextToken();
                switch (key) {
                    case "name" -> tensor.name = text("name of an input");
                    case "datatype" -> tensor.datatype = text("datatype");
                    case "shape" -> tensor.shape = shape();
                    case "data" -> {
                        array("data");
                        data(tensor, 1);
                    }
                    case "parameters" -> binarySize(tensor);
                    default -> json.skipChildren();
                }
            }
            if (tensor.name == null) {
                throw Problem.input("input.name", "an input without a name").exception();
            }
            int place = rows.place(tensor.name, inputs++);
            if (place < 0) {
                throw rows.unknown(tensor.name);
            }
            if (tensor.binaryBytes >= 0) {
                binary.read(tensor, rows.input(place));
            }
            rows.put(place, tensor.column(rows.input(place)));
        }

        private void binarySize(Tensor tensor) {
            object("parameters");
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean size = json.currentName().equals("binary_data_size");
                JsonToken value = json.nextToken();
                if (size) {
                    if (value != JsonToken.VALUE_NUMBER_INT || json.getLongValue() < 0) {
                        throw wrong("binary_data_size", "a number of bytes");
                    }
                    tensor.binaryBytes = json.getIntValue();
                } else {
                    json.skipChildren();
                }
            }
        }

        /** Nested or flat: row by row it is the same. */
        private void data(Tensor tensor, int depth) {
            while (true) {
                JsonToken token = json.nextToken();
                switch (token) {
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> tensor.add(json.getDoubleValue());
                    case VALUE_STRING -> tensor.add(json.getString());
                    case VALUE_NULL -> tensor.addMissing();
                    case VALUE_TRUE -> tensor.add(1);
                    case VALUE_FALSE -> tensor.add(0);
                    case START_ARRAY -> {
                        if (depth == DEEPEST) {
                            throw wrong("data", "at most " + DEEPEST + " arrays in each other");
                        }
                        data(tensor, depth + 1);
                    }
                    case END_ARRAY -> {
                        return;
                    }
                    case null, default -> throw wrong("data", "numbers, texts, true, false, null");
                }
            }
        }

        private long[] shape() {
            array("shape");
            List<Long> shape = new ArrayList<>(2);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() != JsonToken.VALUE_NUMBER_INT || shape.size() == DEEPEST) {
                    throw wrong("shape", "a few whole numbers");
                }
                shape.add(json.getLongValue());
            }
            return shape.stream().mapToLong(Long::longValue).toArray();
        }

        private String text(String what) {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                throw wrong(what, "a text");
            }
            return json.getString();
        }

        private void array(String what) {
            if (json.currentToken() != JsonToken.START_ARRAY) {
                throw wrong(what, "an array");
            }
        }

        private void object(String what) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw wrong(what, "an object");
            }
        }

        private RuntimeException wrong(String what, String expected) {
            return Problem.input(
                            "body.json",
                            "%s: %s (expected: %s)"
                                    .formatted(
                                            what,
                                            json.currentToken() == null
                                                    ? "the end of the body"
                                                    : json.currentToken().toString(),
                                            expected))
                    .exception();
        }
    }
}

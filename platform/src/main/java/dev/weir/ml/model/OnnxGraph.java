package dev.weir.ml.model;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the messages of an ONNX file (onnx.proto of ONNX 1.12: IR 8, opset 17, ai.onnx.ml 3) that
 * our graphs need. Producer fields are fixed, so that the bytes depend on the graph alone.
 */
final class OnnxGraph {
    /** Element types of TensorProto. */
    static final int FLOAT = 1;

    static final int LONG = 7;
    static final int STRING = 8;
    static final int DOUBLE = 11;

    private static final String ML = "ai.onnx.ml";
    private static final String RUNTIME = "com.microsoft";
    private static final int IR_VERSION = 8;

    private final Wire graph = new Wire();
    private final Wire constants = new Wire();
    private final Wire values = new Wire();
    private boolean ofRuntime;

    /** A constant of these dimensions. */
    void constant(String name, float[] numbers, long... dimensions) {
        constants.message(5, tensor(FLOAT, dimensions).packed(4, numbers).text(8, name));
    }

    /** A constant of these dimensions. */
    void constant(String name, double[] numbers, long... dimensions) {
        constants.message(5, tensor(DOUBLE, dimensions).packed(10, numbers).text(8, name));
    }

    /** A constant of these dimensions. */
    void constant(String name, long[] numbers, long... dimensions) {
        constants.message(5, tensor(LONG, dimensions).packed(7, numbers).text(8, name));
    }

    private static Wire tensor(int elementType, long... dimensions) {
        return new Wire().packed(1, dimensions).varint(2, elementType);
    }

    /** A graph input of shape [N, 1]. */
    void input(String name, int elementType) {
        values.message(11, value(name, elementType, 1));
    }

    /** A graph output of shape [N, width]. */
    void output(String name, int elementType, int width) {
        values.message(12, value(name, elementType, width));
    }

    private static Wire value(String name, int elementType, int width) {
        Wire shape =
                new Wire()
                        .message(1, new Wire().text(2, "N"))
                        .message(1, new Wire().varint(1, width));
        Wire tensor = new Wire().varint(1, elementType).message(2, shape);
        return new Wire().text(1, name).message(2, new Wire().message(1, tensor));
    }

    /** A node of the standard operators. */
    void node(String operator, List<String> inputs, String output, Attributes attributes) {
        graph.message(1, node(operator, "", inputs, output, attributes));
    }

    /** A node of ai.onnx.ml. */
    void mlNode(String operator, List<String> inputs, String output, Attributes attributes) {
        graph.message(1, node(operator, ML, inputs, output, attributes));
    }

    /** A node of ONNX Runtime's own. */
    void runtimeNode(String operator, List<String> inputs, String output, Attributes attributes) {
        ofRuntime = true;
        graph.message(1, node(operator, RUNTIME, inputs, output, attributes));
    }

    private static Wire node(
            String operator,
            String domain,
            List<String> inputs,
            String output,
            Attributes attributes) {
        Wire node = new Wire();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(3, output).text(4, operator);
        attributes.appendTo(node);
        return domain.isEmpty() ? node : node.text(7, domain);
    }

    /** The bytes of the whole model. */
    byte[] model() {
        graph.text(2, "weir");
        graph.append(constants);
        graph.append(values);
        Wire model =
                new Wire()
                        .varint(1, IR_VERSION)
                        .text(2, "weir")
                        .text(3, "1")
                        .message(7, graph)
                        .message(8, new Wire().text(1, "").varint(2, 17))
                        .message(8, new Wire().text(1, ML).varint(2, 3));
        if (ofRuntime) {
            model.message(8, new Wire().text(1, RUNTIME).varint(2, 1));
        }
        return model.toByteArray();
    }

    /** Attributes of a node, in the order of the calls. */
    static final class Attributes {
        private final Wire attributes = new Wire();

        Attributes number(String name, long value) {
            return add(new Wire().text(1, name).varint(3, value), 2);
        }

        Attributes number(String name, float value) {
            return add(new Wire().text(1, name).fixed(2, value), 1);
        }

        Attributes text(String name, String value) {
            return add(new Wire().text(1, name).text(4, value), 3);
        }

        Attributes numbers(String name, float[] values) {
            return add(new Wire().text(1, name).packed(7, values), 6);
        }

        Attributes numbers(String name, long[] values) {
            return add(new Wire().text(1, name).packed(8, values), 7);
        }

        Attributes texts(String name, List<byte[]> values) {
            Wire attribute = new Wire().text(1, name);
            values.forEach(value -> attribute.bytes(9, value));
            return add(attribute, 8);
        }

        /** One of two texts for each flag. */
        Attributes choices(String name, boolean[] flags, String yes, String no) {
            byte[] yesBytes = yes.getBytes(StandardCharsets.UTF_8);
            byte[] noBytes = no.getBytes(StandardCharsets.UTF_8);
            Wire attribute = new Wire().text(1, name);
            for (boolean flag : flags) {
                attribute.bytes(9, flag ? yesBytes : noBytes);
            }
            return add(attribute, 8);
        }

        private Attributes add(Wire attribute, int type) {
            attributes.message(5, attribute.varint(20, type));
            return this;
        }

        void appendTo(Wire node) {
            node.append(attributes);
        }
    }
}

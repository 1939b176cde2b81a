package dev.weir.server.inference;

import dev.weir.base.problem.Problem;
import dev.weir.ml.model.Input;
import dev.weir.stage.deploy.Prediction;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The tensors behind the JSON of a request: little-endian, row by row, one after another in the
 * order of the inputs (the protocol's extension for binary tensor data). A text is its length as
 * four bytes, then its UTF-8; a boolean one byte.
 */
final class BinaryTensors {
    private final ByteBuffer bytes;

    BinaryTensors(byte[] body, int from) {
        this.bytes = ByteBuffer.wrap(body, from, body.length - from).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads the values of the next tensor. */
    void read(Tensor tensor, Input input) {
        if (tensor.count() > 0 || tensor.binaryBytes > bytes.remaining()) {
            throw Problem.input(
                            "input.binary",
                            "%s: %d bytes and %d values (expected: bytes alone, and at most the %d that the body still has)"
                                    .formatted(
                                            input.name(),
                                            tensor.binaryBytes,
                                            tensor.count(),
                                            bytes.remaining()))
                    .exception();
        }
        ByteBuffer mine =
                bytes.slice(bytes.position(), tensor.binaryBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + tensor.binaryBytes);
        String datatype = tensor.datatype == null ? "" : tensor.datatype;
        if (datatype.equals("BYTES")) {
            texts(tensor, mine, input);
            return;
        }
        int width = width(datatype);
        if (width == 0 || mine.remaining() % width != 0) {
            throw Problem.input(
                            "input.binary",
                            "%s: %d bytes of %s (expected: whole values of a type that has a binary form)"
                                    .formatted(input.name(), tensor.binaryBytes, datatype))
                    .exception();
        }
        while (mine.hasRemaining()) {
            double value = number(datatype, mine);
            if (Double.isNaN(value)) {
                tensor.addMissing();
            } else {
                tensor.add(value);
            }
        }
    }

    private static int width(String datatype) {
        return switch (datatype) {
            case "BOOL", "INT8", "UINT8" -> 1;
            case "INT16", "UINT16", "FP16" -> 2;
            case "INT32", "UINT32", "FP32" -> 4;
            case "INT64", "UINT64", "FP64" -> 8;
            default -> 0;
        };
    }

    private static double number(String datatype, ByteBuffer from) {
        return switch (datatype) {
            case "BOOL" -> from.get() == 0 ? 0 : 1;
            case "INT8" -> from.get();
            case "UINT8" -> from.get() & 0xFF;
            case "INT16" -> from.getShort();
            case "UINT16" -> from.getShort() & 0xFFFF;
            case "FP16" -> Float.float16ToFloat(from.getShort());
            case "INT32" -> from.getInt();
            case "UINT32" -> from.getInt() & 0xFFFF_FFFFL;
            case "FP32" -> from.getFloat();
            case "INT64" -> from.getLong();
            case "UINT64" -> unsigned(from.getLong());
            default -> from.getDouble();
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : (bits >>> 1 | bits & 1) * 2.0;
    }

    private static void texts(Tensor tensor, ByteBuffer mine, Input input) {
        while (mine.hasRemaining()) {
            int length = mine.remaining() < 4 ? -1 : mine.getInt();
            if (length < 0 || length > mine.remaining()) {
                throw Problem.input(
                                "input.binary",
                                input.name()
                                        + ": a text that is cut off (expected: its length in four"
                                        + " bytes, then so many)")
                        .exception();
            }
            byte[] text = new byte[length];
            mine.get(text);
            tensor.add(new String(text, StandardCharsets.UTF_8));
        }
    }

    /** Nothing may be left over. */
    void checkEnd() {
        if (bytes.hasRemaining()) {
            throw Problem.input(
                            "input.binary",
                            "%d bytes behind the last tensor (expected: none)"
                                    .formatted(bytes.remaining()))
                    .exception();
        }
    }

    /** Numbers of an answer. */
    static byte[] numbers(Prediction prediction) {
        ByteBuffer out =
                ByteBuffer.allocate(prediction.outputs().length * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (float value : prediction.outputs()) {
            out.putFloat(value);
        }
        return out.array();
    }

    /** Labels of an answer. */
    static byte[] decisions(Prediction prediction) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < prediction.rows(); row++) {
            byte[] text = prediction.decision(row).getBytes(StandardCharsets.UTF_8);
            out.writeBytes(length.putInt(0, text.length).array());
            out.writeBytes(text);
        }
        return out.toByteArray();
    }
}

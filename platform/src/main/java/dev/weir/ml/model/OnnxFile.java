package dev.weir.ml.model;

import dev.weir.base.problem.Problem;

/**
 * Looks at the outermost fields of an ONNX file before native code does: garbage is refused here,
 * in Java. Only the frame is read (protobuf's wire format); what the nodes mean is for the runtime.
 */
final class OnnxFile {
    private static final int IR_VERSION_FIELD = 1;
    private static final int GRAPH_FIELD = 7;
    private static final int OPSET_FIELD = 8;

    private final byte[] bytes;
    private int at;

    private OnnxFile(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Refuses bytes that cannot be an ONNX model.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT)
     */
    static void check(byte[] bytes) {
        new OnnxFile(bytes).check();
    }

    private void check() {
        boolean version = false;
        boolean graph = false;
        boolean opset = false;
        while (at < bytes.length) {
            long tag = varint();
            int field = (int) (tag >>> 3);
            version |= field == IR_VERSION_FIELD;
            graph |= field == GRAPH_FIELD;
            opset |= field == OPSET_FIELD;
            switch ((int) (tag & 7)) {
                case 0 -> varint();
                case 1 -> skip(8);
                case 2 -> skip(varint());
                case 5 -> skip(4);
                default -> throw unreadable("byte " + at + " is no field of protobuf");
            }
        }
        if (!version || !graph || !opset) {
            throw unreadable("it has no version, graph or operator set");
        }
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= bytes.length) {
                throw unreadable("it ends early, at byte " + at);
            }
            byte next = bytes[at++];
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw unreadable("byte " + at + " is no number of protobuf");
    }

    private void skip(long length) {
        if (length < 0 || length > bytes.length - at) {
            throw unreadable("it ends early, at byte " + bytes.length);
        }
        at += (int) length;
    }

    private static RuntimeException unreadable(String detail) {
        return Problem.input("model.unreadable", "not an ONNX model: " + detail).exception();
    }
}

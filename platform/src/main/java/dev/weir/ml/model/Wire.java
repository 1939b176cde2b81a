package dev.weir.ml.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes protobuf's wire format: tags, varints, floats, length-delimited bytes and packed arrays.
 * Enough for ONNX; fields come out in the order of the calls, so equal calls give equal bytes.
 */
final class Wire {
    private static final int VARINT = 0;
    private static final int DELIMITED = 2;
    private static final int FIXED32 = 5;

    private byte[] bytes = new byte[256];
    private int size;

    Wire varint(int field, long value) {
        tag(field, VARINT);
        raw(value);
        return this;
    }

    Wire fixed(int field, float value) {
        tag(field, FIXED32);
        fixed(value);
        return this;
    }

    Wire text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Wire message(int field, Wire message) {
        tag(field, DELIMITED);
        raw(message.size);
        append(message.bytes, message.size);
        return this;
    }

    Wire bytes(int field, byte[] value) {
        tag(field, DELIMITED);
        raw(value.length);
        append(value, value.length);
        return this;
    }

    Wire packed(int field, long[] values) {
        Wire packed = new Wire();
        for (long value : values) {
            packed.raw(value);
        }
        return message(field, packed);
    }

    Wire packed(int field, float[] values) {
        tag(field, DELIMITED);
        raw(4L * values.length);
        for (float value : values) {
            fixed(value);
        }
        return this;
    }

    Wire packed(int field, double[] values) {
        tag(field, DELIMITED);
        raw(8L * values.length);
        for (double value : values) {
            long bits = Double.doubleToLongBits(value);
            room(8);
            for (int i = 0; i < 8; i++, bits >>>= 8) {
                bytes[size++] = (byte) bits;
            }
        }
        return this;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void tag(int field, int type) {
        raw((long) field << 3 | type);
    }

    private void raw(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Little-endian; every NaN is written as the canonical one. */
    private void fixed(float value) {
        room(4);
        int bits = Float.floatToIntBits(value);
        for (int i = 0; i < 4; i++, bits >>>= 8) {
            bytes[size++] = (byte) bits;
        }
    }

    /** The fields of another writer, as fields of this message. */
    void append(Wire fields) {
        append(fields.bytes, fields.size);
    }

    private void append(byte[] source, int length) {
        room(length);
        System.arraycopy(source, 0, bytes, size, length);
        size += length;
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}

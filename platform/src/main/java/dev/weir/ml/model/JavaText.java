package dev.weir.ml.model;

import java.io.ByteArrayOutputStream;

/**
 * How ONNX Runtime's binding for Java hands on a text: in the modified UTF-8 of the JVM, where NUL
 * and each half of a character beyond U+FFFF have bytes that are no UTF-8.
 */
final class JavaText {
    private JavaText() {}

    /** Whether the binding writes a text otherwise than UTF-8 does. */
    static boolean differs(String text) {
        return text.chars().anyMatch(c -> differs((char) c));
    }

    private static boolean differs(char c) {
        return c == 0 || Character.isSurrogate(c);
    }

    /** The bytes that the binding gives. */
    static byte[] bytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (char c : text.toCharArray()) {
            if (c != 0 && c < 0x80) {
                bytes.write(c);
            } else if (c < 0x800) {
                bytes.write(0xC0 | c >> 6);
                bytes.write(0x80 | c & 0x3F);
            } else {
                bytes.write(0xE0 | c >> 12);
                bytes.write(0x80 | c >> 6 & 0x3F);
                bytes.write(0x80 | c & 0x3F);
            }
        }
        return bytes.toByteArray();
    }

    /**
     * A text that the binding writes as UTF-8: a space stands for each character that it cannot.
     */
    static String readable(String text) {
        if (!differs(text)) {
            return text;
        }
        char[] readable = text.toCharArray();
        for (int i = 0; i < readable.length; i++) {
            readable[i] = differs(readable[i]) ? ' ' : readable[i];
        }
        return new String(readable);
    }
}

package dev.weir.ml.data.source;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/** Knows bytes that are not text in UTF-8, so that a message can say what they are. */
final class Binary {
    private Binary() {}

    /** What a file that begins so is instead of text, or null. */
    static @Nullable String kindOf(byte[] head, int length) {
        if (begins(head, length, 'P', 'A', 'R', '1')) {
            return "a Parquet file";
        }
        if (begins(head, length, 'P', 'K', 3, 4)) {
            return "a ZIP archive or spreadsheet";
        }
        if (begins(head, length, 0x1F, 0x8B)) {
            return "a gzip file";
        }
        if (begins(head, length, 0xFF, 0xFE) || begins(head, length, 0xFE, 0xFF)) {
            return "text in UTF-16";
        }
        return null;
    }

    /** What to do about it. */
    static String hint(String kind) {
        return switch (kind) {
            case "a Parquet file" -> "Name it .parquet, or say format: parquet.";
            case "a gzip file" -> "Unpack it with gunzip.";
            case "text in UTF-16" -> "Convert it: iconv -f UTF-16 -t UTF-8";
            default -> "Save the sheet as CSV in UTF-8.";
        };
    }

    /** Index of the first byte that is no UTF-8; -1 where all are. */
    static int firstBad(byte[] bytes, int start, int end) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes, start, end - start);
        var result = decoder.decode(in, CharBuffer.allocate(end - start + 1), true);
        return result.isError() ? in.position() : -1;
    }

    private static boolean begins(byte[] head, int length, int... bytes) {
        if (length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (head[i] != (byte) bytes[i]) {
                return false;
            }
        }
        return true;
    }
}

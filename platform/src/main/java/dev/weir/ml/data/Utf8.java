package dev.weir.ml.data;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/** Whether bytes are UTF-8. */
final class Utf8 {
    private Utf8() {}

    /** Index of the first byte that is no UTF-8; -1 where all are. */
    static int firstBad(byte[] bytes, int start, int end) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes, start, end - start);
        var result = decoder.decode(in, CharBuffer.allocate(end - start + 1), true);
        return result.isError() ? in.position() : -1;
    }
}

package dev.weir.ml.traffic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The name of what one request was answered with. As text 26 digits of Crockford's base 32, sorted
 * as the ids were given (the form of a ULID): outcomes refer to it.
 *
 * @param high milliseconds since the epoch (48 bits) and a count (16 bits)
 * @param low chance that a process drew once
 */
record PredictionId(long high, long low) implements Comparable<PredictionId> {
    /** How long the text is. */
    static final int LENGTH = 26;

    private static final byte[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".getBytes(ISO_8859_1);
    private static final byte[] VALUES = values();

    private static byte[] values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        for (byte i = 0; i < DIGITS.length; i++) {
            values[DIGITS[i]] = i;
            values[Character.toLowerCase((char) DIGITS[i])] = i;
        }
        return values;
    }

    /** What {@link #toString} wrote, in any case of letters; empty for another text. */
    static Optional<PredictionId> parse(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < LENGTH; i++) {
            char c = text.charAt(i);
            int value = c < 128 ? VALUES[c] : -1;
            if (value < 0 || (i == 0 && value > 7)) {
                return Optional.empty();
            }
            high = high << 5 | low >>> 59;
            low = low << 5 | value;
        }
        return Optional.of(new PredictionId(high, low));
    }

    /**
     * When the request came whose row has this name, in microseconds since the epoch, as its id
     * tells; empty where it is none of ours.
     */
    static OptionalLong micros(String rowName) {
        Optional<PredictionId> id = parse(rowName.substring(0, Math.min(LENGTH, rowName.length())));
        return id.isPresent()
                ? OptionalLong.of((id.get().high() >>> 16) * 1000)
                : OptionalLong.empty();
    }

    /** The digit at a place of the text, from 0. */
    private byte digit(int place) {
        int shift = (LENGTH - 1 - place) * 5;
        long bits;
        if (shift >= 64) {
            bits = high >>> (shift - 64);
        } else if (shift == 0) {
            bits = low;
        } else {
            bits = low >>> shift | high << (64 - shift);
        }
        return DIGITS[(int) (bits & 31)];
    }

    @Override
    public int compareTo(PredictionId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        byte[] text = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            text[i] = digit(i);
        }
        return new String(text, ISO_8859_1);
    }
}

package dev.weir.ml.data.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Values that are written so plainly that no two readers could differ about them: stricter than
 * {@link CellParser}, never laxer. Most is told by a sum, {@code made}: how many characters of each
 * kind the value has, eight bits for each.
 */
final class PlainValue {
    private static final int DAY_BYTES = 10;
    private static final int MOMENT_BYTES = 19;

    /** Numbers that are longer are not plain. */
    static final int LONGEST_NUMBER = 40;

    /** So many characters of a kind fit the eight bits of their sum. */
    static final int LONGEST_SUMMED = 200;

    static final long POINT = 1L << 8;

    private static final long DIGIT = 1;
    private static final long MINUS = 1L << 16;
    private static final long PLUS = 1L << 24;
    private static final long EXPONENT = 1L << 32;
    private static final long NOT_ASCII = 1L << 40;
    private static final long OTHER = 1L << 48;

    /** Where the sum has its characters that are not ASCII. */
    static final long ANY_NOT_ASCII = NOT_ASCII * 0xFF;

    /** Most digits of a whole number that surely fits 64 bits. */
    static final int WHOLE_DIGITS = 18;

    private static final byte[][] TRUTHS =
            Stream.of("true", "false", "True", "False", "TRUE", "FALSE")
                    .map(t -> t.getBytes(StandardCharsets.US_ASCII))
                    .toArray(byte[][]::new);

    private PlainValue() {}

    /** What a byte adds to the sum, for each byte. */
    static long[] kinds() {
        long[] kinds = new long[256];
        Arrays.fill(kinds, 0, 128, OTHER);
        Arrays.fill(kinds, 128, 256, NOT_ASCII);
        Arrays.fill(kinds, '0', '9' + 1, DIGIT);
        kinds['.'] = POINT;
        kinds['-'] = MINUS;
        kinds['+'] = PLUS;
        kinds['e'] = EXPONENT;
        kinds['E'] = EXPONENT;
        return kinds;
    }

    /** Text in UTF-8. The sums of long texts may have run over. */
    static boolean text(byte[] b, int start, int end, long made) {
        int length = end - start;
        return (length <= LONGEST_SUMMED && (made & ANY_NOT_ASCII) == 0)
                || new String(b, start, length, StandardCharsets.UTF_8).indexOf('\uFFFD') < 0;
    }

    static boolean truth(byte[] b, int start, int length) {
        for (byte[] truth : TRUTHS) {
            if (truth.length == length
                    && Arrays.equals(b, start, start + length, truth, 0, length)) {
                return true;
            }
        }
        return false;
    }

    static boolean whole(byte[] b, int start, int end, long made) {
        int length = end - start;
        if (made == length) {
            return length <= WHOLE_DIGITS && (length == 1 || b[start] != '0');
        }
        return made == MINUS + length - 1
                && b[start] == '-'
                && length > 1
                && length <= WHOLE_DIGITS + 1;
    }

    /** A point between digits, maybe a minus in front, maybe an exponent of two digits behind. */
    static boolean real(byte[] b, int start, int end, long made) {
        int length = end - start;
        int first = b[start] == '-' ? start + 1 : start;
        if (length > LONGEST_NUMBER || !digit(b[first]) || !digit(b[end - 1])) {
            return false;
        }
        if (made == POINT + length - 1 || made == POINT + MINUS + length - 2) {
            return first == start + (int) (made >>> 16 & 0xFF)
                    && (b[first] != '0' || b[first + 1] == '.');
        }
        return (made & 0xFF * EXPONENT) == EXPONENT && exponent(b, first, end, made);
    }

    private static boolean exponent(byte[] b, int first, int end, long made) {
        int p = first;
        while (digit(b[p])) {
            p++;
        }
        boolean point = b[p] == '.';
        if (point && !digit(b[++p])) {
            return false;
        }
        while (digit(b[p])) {
            p++;
        }
        if ((b[p] | 0x20) != 'e') {
            return false;
        }
        p++;
        if (b[p] == '-' || b[p] == '+') {
            p++;
        }
        int digits = end - p;
        return digits >= 1
                && digits <= 2
                && digit(b[p])
                && (b[first] != '0' || point)
                && (made >>> 48) == 0;
    }

    /** Whether a number, without exponent, has no more digits than its column. */
    static boolean decimal(byte[] b, int start, int end, long made, int wholeDigits, int scale) {
        if ((made & 0xFF * EXPONENT) != 0) {
            return false;
        }
        int first = b[start] == '-' ? start + 1 : start;
        int point = end - 1;
        int least = Math.max(first, end - 1 - scale);
        while (point >= least && b[point] != '.') {
            point--;
        }
        if (point < least) {
            // no point among the last digits: none at all, or too many digits behind it
            return (made & 0xFF * POINT) == 0 && end - first <= wholeDigits;
        }
        return point > first && point - first <= wholeDigits;
    }

    static boolean day(byte[] b, int start, int end, long made) {
        return end - start == DAY_BYTES
                && made == 2 * MINUS + 8
                && b[start + 4] == '-'
                && b[start + 7] == '-'
                && inCalendar(b, start);
    }

    /** Whether there is such a day; ten digits and minuses stand there. There is no year 0. */
    private static boolean inCalendar(byte[] b, int start) {
        int month = 10 * b[start + 5] + b[start + 6] - 11 * '0';
        int day = 10 * b[start + 8] + b[start + 9] - 11 * '0';
        boolean year =
                b[start] != '0'
                        || b[start + 1] != '0'
                        || b[start + 2] != '0'
                        || b[start + 3] != '0';
        return year
                && month >= 1
                && month <= 12
                && day >= 1
                && (day <= 28
                        || new CellParser(DateOrder.YEAR_FIRST)
                                .isDate(b, start, start + DAY_BYTES));
    }

    /** A day; or a day, a blank or T, and a time to the second, maybe with up to six decimals. */
    static boolean moment(byte[] b, int start, int end, long made) {
        int length = end - start;
        if (length == DAY_BYTES) {
            return day(b, start, end, made);
        }
        int seconds = start + MOMENT_BYTES;
        boolean shaped =
                length >= MOMENT_BYTES
                        && length != MOMENT_BYTES + 1
                        && length <= MOMENT_BYTES + 7
                        && (made & 0xFF * MINUS) == 2 * MINUS
                        && b[start + 4] == '-'
                        && b[start + 7] == '-'
                        && b[start + 13] == ':'
                        && b[start + 16] == ':'
                        && (length == MOMENT_BYTES || b[seconds] == '.')
                        && (made & 0xFF) == (length == MOMENT_BYTES ? 14 : length - 6);
        return shaped
                && (b[start + 10] == ' ' || b[start + 10] == 'T')
                && 10 * b[start + 11] + b[start + 12] - 11 * '0' <= 23
                && b[start + 14] < '6'
                && b[start + 17] < '6'
                && inCalendar(b, start);
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }
}

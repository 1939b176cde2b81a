package dev.weir.ml.data.source;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Turns the bytes of a value into what they mean: the one parser, so that a text has the same value
 * wherever it is read. Numbers are rounded as {@link Double#parseDouble} rounds. Each method
 * answers whether the text fits; the value then stands in {@link #whole} or {@link #real}.
 */
final class CellParser {
    private static final double[] TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };
    private static final long EXACT_MANTISSA = 1L << 53;
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    private final DateOrder dates;

    /** A BIGINT, a DATE in days, or a TIMESTAMP in microseconds since 1970. */
    long whole;

    /** A DOUBLE. */
    double real;

    private int digitsEnd;

    CellParser(DateOrder dates) {
        this.dates = dates;
    }

    boolean isBoolean(byte[] b, int start, int end) {
        if (matches(b, start, end, "true")) {
            whole = 1;
            return true;
        }
        whole = 0;
        return matches(b, start, end, "false");
    }

    private static boolean matches(byte[] b, int start, int end, String lower) {
        if (end - start != lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if ((b[start + i] | 0x20) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean isBigint(byte[] b, int from, int to) {
        int start = skip(b, from, to);
        int end = back(b, start, to);
        boolean negative = start < end && b[start] == '-';
        if (negative || (start < end && b[start] == '+')) {
            start++;
        }
        if (start == end || end - start > 19) {
            return false;
        }
        long value = 0;
        for (int p = start; p < end; p++) {
            int digit = b[p] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            if (p - start == 18) {
                if (value < Long.MIN_VALUE / 10) {
                    return false;
                }
                long next = value * 10 - digit;
                if (next > 0) {
                    return false;
                }
                value = next;
            } else {
                value = value * 10 - digit;
            }
        }
        if (!negative && value == Long.MIN_VALUE) {
            return false;
        }
        whole = negative ? value : -value;
        return true;
    }

    boolean isDouble(byte[] b, int from, int to) {
        int start = skip(b, from, to);
        int end = back(b, start, to);
        int p = start;
        boolean negative = p < end && b[p] == '-';
        if (negative || (p < end && b[p] == '+')) {
            p++;
        }
        long mantissa = 0;
        int digits = 0;
        int significant = 0;
        int scale = 0;
        for (; p < end && digit(b[p]); p++, digits++) {
            significant += significant > 0 || b[p] != '0' ? 1 : 0;
            mantissa = significant <= 18 ? mantissa * 10 + (b[p] - '0') : mantissa;
        }
        if (p < end && b[p] == '.') {
            p++;
            for (; p < end && digit(b[p]); p++, digits++, scale++) {
                significant += significant > 0 || b[p] != '0' ? 1 : 0;
                mantissa = significant <= 18 ? mantissa * 10 + (b[p] - '0') : mantissa;
            }
        }
        if (digits == 0) {
            return isNotFinite(b, start, end);
        }
        boolean plain = p == end;
        if (!plain && !exponent(b, p, end)) {
            return false;
        }
        if (plain && significant <= 18 && mantissa <= EXACT_MANTISSA && scale < TENS.length) {
            // both exact, so one division rounds once: Clinger, How to read floating point
            // numbers accurately, 1990
            double value = mantissa / TENS[scale];
            real = negative ? -value : value;
        } else {
            real = Double.parseDouble(new String(b, start, end - start, StandardCharsets.US_ASCII));
        }
        return true;
    }

    private static boolean exponent(byte[] b, int from, int end) {
        int p = from;
        if ((b[p] | 0x20) != 'e') {
            return false;
        }
        p++;
        if (p < end && (b[p] == '-' || b[p] == '+')) {
            p++;
        }
        int first = p;
        while (p < end && digit(b[p])) {
            p++;
        }
        return p == end && p > first;
    }

    private boolean isNotFinite(byte[] b, int start, int end) {
        if (end - start > 9) {
            return false;
        }
        int sign = start < end && (b[start] == '-' || b[start] == '+') ? 1 : 0;
        boolean negative = sign == 1 && b[start] == '-';
        if (matches(b, start, end, "nan")) {
            real = Double.NaN;
            return true;
        }
        if (matches(b, start + sign, end, "inf") || matches(b, start + sign, end, "infinity")) {
            real = negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            return true;
        }
        return false;
    }

    /** A day in the order of this format. */
    boolean isDate(byte[] b, int from, int to) {
        int start = skip(b, from, to);
        int end = back(b, start, to);
        return date(b, start, end) == end;
    }

    /** A day, then {@code T} or a blank, then {@code HH:MM[:SS[.fraction]]}, then maybe a zone. */
    boolean isTimestamp(byte[] b, int from, int to) {
        int start = skip(b, from, to);
        int end = back(b, start, to);
        int p = date(b, start, end);
        if (p < 0) {
            return false;
        }
        long micros = whole * MICROS_PER_DAY;
        if (p == end) {
            whole = micros;
            return true;
        }
        if (b[p] != 'T' && b[p] != ' ') {
            return false;
        }
        int hour = two(b, p + 1, end);
        int minute = p + 3 < end && b[p + 3] == ':' ? two(b, p + 4, end) : -1;
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
            return false;
        }
        micros += (hour * 60L + minute) * 60_000_000L;
        p += 6;
        if (p < end && b[p] == ':') {
            int second = two(b, p + 1, end);
            if (second < 0 || second > 59) {
                return false;
            }
            micros += second * 1_000_000L;
            p += 3;
            if (p < end && b[p] == '.') {
                int first = ++p;
                long unit = 100_000;
                for (; p < end && digit(b[p]); p++, unit /= 10) {
                    micros += (b[p] - '0') * unit;
                }
                if (p == first || p - first > 9) {
                    return false;
                }
            }
        }
        return zone(b, p, end, micros);
    }

    private boolean zone(byte[] b, int at, int end, long micros) {
        whole = micros;
        if (at == end || (at + 1 == end && b[at] == 'Z')) {
            return true;
        }
        boolean sign = b[at] == '+' || b[at] == '-';
        if (!sign || (end - at != 3 && end - at != 6 && end - at != 5)) {
            return false;
        }
        int hours = two(b, at + 1, end);
        int minutes = end - at == 3 ? 0 : two(b, end - 2, end);
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
            return false;
        }
        if (end - at == 6 && b[at + 3] != ':') {
            return false;
        }
        long offset = (hours * 60L + minutes) * 60_000_000L;
        whole = b[at] == '+' ? micros - offset : micros + offset;
        return true;
    }

    /**
     * Reads a day into {@link #whole}; where it ends, or -1. Four digits in front are a year,
     * whatever the order of this format.
     */
    private int date(byte[] b, int start, int end) {
        DateOrder order = yearInFront(b, start, end) ? DateOrder.YEAR_FIRST : dates;
        int first = number(b, start, end, order == DateOrder.YEAR_FIRST ? 4 : 2);
        int p = digitsEnd;
        if (first < 0 || p >= end || (b[p] != '-' && b[p] != '/' && b[p] != '.')) {
            return -1;
        }
        byte separator = b[p];
        int second = number(b, p + 1, end, 2);
        p = digitsEnd;
        if (second < 0 || p >= end || b[p] != separator) {
            return -1;
        }
        int third = number(b, p + 1, end, order == DateOrder.YEAR_FIRST ? 2 : 4);
        if (third < 0) {
            return -1;
        }
        boolean known =
                switch (order) {
                    case YEAR_FIRST -> day(first, second, third);
                    case MONTH_FIRST -> day(third, first, second);
                    case DAY_FIRST -> day(third, second, first);
                };
        return known ? digitsEnd : -1;
    }

    private boolean day(int year, int month, int day) {
        if (month < 1 || month > 12 || day < 1 || day > 31) {
            return false;
        }
        if (day > 28 && day > YearMonth.of(year, month).lengthOfMonth()) {
            return false;
        }
        whole = LocalDate.of(year, month, day).toEpochDay();
        return true;
    }

    private static boolean yearInFront(byte[] b, int start, int end) {
        return start + 4 < end
                && digit(b[start])
                && digit(b[start + 1])
                && digit(b[start + 2])
                && digit(b[start + 3]);
    }

    /** Four digits, or one or two; -1 for anything else. Sets {@link #digitsEnd}. */
    private int number(byte[] b, int start, int end, int longest) {
        int p = start;
        int value = 0;
        while (p < end && digit(b[p]) && p - start < longest) {
            value = value * 10 + (b[p++] - '0');
        }
        digitsEnd = p;
        return p == start || (longest == 4 && p - start != 4) ? -1 : value;
    }

    private static int two(byte[] b, int at, int end) {
        return at + 2 <= end && digit(b[at]) && digit(b[at + 1])
                ? (b[at] - '0') * 10 + (b[at + 1] - '0')
                : -1;
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static int skip(byte[] b, int start, int end) {
        int p = start;
        while (p < end && b[p] == ' ') {
            p++;
        }
        return p;
    }

    private static int back(byte[] b, int start, int end) {
        int p = end;
        while (p > start && b[p - 1] == ' ') {
            p--;
        }
        return p;
    }
}

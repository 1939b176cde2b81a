package dev.weir.ml.data.source;

import dev.weir.ml.data.ColumnType;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What the values of one column, seen one after another, leave possible. */
final class ColumnGuess {
    /** Texts that often mean a missing value, the sure ones first. */
    static final List<String> MISSING =
            List.of(
                    "?", "N/A", "n/a", "#N/A", "NULL", "null", "\\N", "NaN", "nan", "NA", "na",
                    "None", "none", "-", ".", "missing");

    /** So many of {@link #MISSING} mean it also where no number stands beside them. */
    static final int SURE = 9;

    private static final int BOOLEAN = 1;
    private static final int BIGINT = 2;
    private static final int DOUBLE = 4;
    private static final int DAY_BY_YEAR = 8;
    private static final int DAY_BY_MONTH = 16;
    private static final int DAY_BY_DAY = 32;
    private static final int TIME_BY_YEAR = 64;
    private static final int TIME_BY_MONTH = 128;
    private static final int TIME_BY_DAY = 256;
    private static final int TEMPORAL =
            DAY_BY_YEAR | DAY_BY_MONTH | DAY_BY_DAY | TIME_BY_YEAR | TIME_BY_MONTH | TIME_BY_DAY;

    private static final byte[][] MISSING_BYTES =
            MISSING.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);

    private final CellParser byYear = new CellParser(DateOrder.YEAR_FIRST);
    private final CellParser byMonth = new CellParser(DateOrder.MONTH_FIRST);
    private final CellParser byDay = new CellParser(DateOrder.DAY_FIRST);
    private final long[] missing = new long[MISSING.size()];
    private final byte @Nullable [] title;

    private int possible = BOOLEAN | BIGINT | DOUBLE | TEMPORAL;
    private long values;
    private boolean titleRecurs;
    private boolean leadingZeros;
    private boolean tooLong;

    /**
     * @param title the first row's value, where it may be a heading
     */
    ColumnGuess(byte @Nullable [] title) {
        this.title = title;
    }

    /** Takes a value that is not known to be missing. */
    void take(byte[] b, int start, int end, boolean text, boolean mayBeMissing) {
        if (mayBeMissing) {
            int token = missingToken(b, start, end);
            if (token >= 0) {
                missing[token]++;
                return;
            }
        }
        values++;
        if (title != null && !titleRecurs && end - start == title.length) {
            titleRecurs = Arrays.equals(b, start, end, title, 0, title.length);
        }
        if (possible != 0) {
            possible &= fits(b, start, end, text);
        }
    }

    private static int missingToken(byte[] b, int start, int end) {
        int length = end - start;
        if (length > 7) {
            return -1;
        }
        for (int t = 0; t < MISSING_BYTES.length; t++) {
            if (MISSING_BYTES[t].length == length
                    && Arrays.equals(b, start, end, MISSING_BYTES[t], 0, length)) {
                return t;
            }
        }
        return -1;
    }

    private int fits(byte[] b, int start, int end, boolean text) {
        int found = 0;
        if ((possible & (BIGINT | DOUBLE)) != 0 && !text) {
            found |= number(b, start, end);
        }
        if (found == 0) {
            if ((possible & BOOLEAN) != 0 && !text && byYear.isBoolean(b, start, end)) {
                found |= BOOLEAN;
            }
            if ((possible & TEMPORAL) != 0) {
                found |= moments(b, start, end);
            }
        }
        return found;
    }

    private int number(byte[] b, int start, int end) {
        if (byYear.isBigint(b, start, end)) {
            if (leadingZero(b, start, end)) {
                leadingZeros = true;
                return 0;
            }
            return BIGINT | DOUBLE;
        }
        if (!byYear.isDouble(b, start, end)) {
            return 0;
        }
        if (end - start > 15 && onlyDigits(b, start, end)) {
            tooLong = true;
            return 0;
        }
        return DOUBLE;
    }

    private static boolean leadingZero(byte[] b, int start, int end) {
        return end - start > 1 && b[start] == '0' && b[start + 1] >= '0' && b[start + 1] <= '9';
    }

    private static boolean onlyDigits(byte[] b, int start, int end) {
        for (int p = start; p < end; p++) {
            if (b[p] < '0' || b[p] > '9') {
                return false;
            }
        }
        return true;
    }

    private int moments(byte[] b, int start, int end) {
        if (end - start < 8 || b[start] < '0' || b[start] > '9') {
            return 0;
        }
        return moments(byYear, b, start, end, DAY_BY_YEAR, TIME_BY_YEAR)
                | moments(byMonth, b, start, end, DAY_BY_MONTH, TIME_BY_MONTH)
                | moments(byDay, b, start, end, DAY_BY_DAY, TIME_BY_DAY);
    }

    private int moments(CellParser parser, byte[] b, int start, int end, int day, int time) {
        if ((possible & (day | time)) == 0) {
            return 0;
        }
        if (parser.isDate(b, start, end)) {
            return day | time;
        }
        return parser.isTimestamp(b, start, end) ? time : 0;
    }

    /** Whether every value fits a type that is not text. */
    boolean typed() {
        return values > 0 && possible != 0;
    }

    /** Whether this text would fit what the other values have in common. */
    boolean suits(byte[] value) {
        return (fits(value, 0, value.length, false) & possible) != 0;
    }

    long values() {
        return values;
    }

    /**
     * The type that the column has for good, as long as each further value fits it too; null where
     * a further value could still turn the guess. A value that is text is one for good.
     */
    @Nullable ColumnType lasting() {
        if (values > 0 && possible == 0) {
            return ColumnType.VARCHAR;
        }
        return values > 0 && (number() || byYear()) ? type(DateOrder.YEAR_FIRST) : null;
    }

    /** The first row's value, where it may be a heading. */
    byte @Nullable [] title() {
        return title;
    }

    boolean titleRecurs() {
        return titleRecurs;
    }

    boolean leadingZeros() {
        return leadingZeros && values > 0 && possible == 0;
    }

    boolean tooLong() {
        return tooLong && possible == 0;
    }

    /** How often each of {@link #MISSING} came up. */
    long missing(int token) {
        return missing[token];
    }

    /** The order of days that these values prove; null where they prove none. */
    @Nullable DateOrder provenOrder() {
        boolean month = (possible & (DAY_BY_MONTH | TIME_BY_MONTH)) != 0;
        boolean day = (possible & (DAY_BY_DAY | TIME_BY_DAY)) != 0;
        if (values == 0 || number() || byYear() || month == day) {
            return null;
        }
        return month ? DateOrder.MONTH_FIRST : DateOrder.DAY_FIRST;
    }

    /** Whether the values are days, but which number is the month stays open. */
    boolean openOrder() {
        return values > 0
                && !number()
                && !byYear()
                && (possible & (DAY_BY_MONTH | TIME_BY_MONTH)) != 0
                && (possible & (DAY_BY_DAY | TIME_BY_DAY)) != 0;
    }

    private boolean number() {
        return (possible & (BIGINT | DOUBLE | BOOLEAN)) != 0;
    }

    private boolean byYear() {
        return (possible & (DAY_BY_YEAR | TIME_BY_YEAR)) != 0;
    }

    /** The narrowest type that all values fit. */
    ColumnType type(DateOrder order) {
        if (values == 0) {
            return ColumnType.VARCHAR;
        }
        int day =
                DAY_BY_YEAR
                        | switch (order) {
                            case YEAR_FIRST -> 0;
                            case MONTH_FIRST -> DAY_BY_MONTH;
                            case DAY_FIRST -> DAY_BY_DAY;
                        };
        int time = day << 3;
        if ((possible & BOOLEAN) != 0) {
            return ColumnType.BOOLEAN;
        }
        if ((possible & BIGINT) != 0) {
            return ColumnType.BIGINT;
        }
        if ((possible & DOUBLE) != 0) {
            return ColumnType.DOUBLE;
        }
        if ((possible & day) != 0) {
            return ColumnType.DATE;
        }
        return (possible & time) != 0 ? ColumnType.TIMESTAMP : ColumnType.VARCHAR;
    }
}

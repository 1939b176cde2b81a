package dev.weir.ml.data.source;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.Schema;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the first rows told of each column of a delimited file, and whether a further value says the
 * same: it fits the type, and is no word that would have to be taken for a missing value.
 */
final class PlainColumns {
    private static final int TEXT = 1;
    private static final int WHOLE = 2;
    private static final int REAL = 3;

    private enum Word {
        NULL,
        MAY_MEAN_NULL,
        MEANS_NULL
    }

    private final Schema schema;
    private final ColumnType[] guessed;

    /** Whether the first rows have no value of the column. */
    private final boolean[] empty;

    /** The kinds of values that {@link #plainly} knows; 0: the column has others. */
    private final int[] sure;

    /** Of a decimal number the digits before and behind its point; -1: it is none. */
    private final int[] wholeDigits;

    private final int[] scales;
    private final byte[][] titles;
    private final Map<String, Word> words = new HashMap<>();

    /** For each byte, how long the longest word is that begins with it. */
    private final int[] wordBytes = new int[256];

    private final boolean emptyIsNull;
    private final long[] nulls;
    private final boolean[] negative;

    /** The columns that have no value in this row. */
    private final int[] gapColumns;

    private int gaps;

    private PlainColumns(Schema schema, CsvGuess guess, TableFormat.Csv format) {
        int width = schema.columns().size();
        this.schema = schema;
        this.guessed = new ColumnType[width];
        this.empty = new boolean[width];
        this.sure = new int[width];
        this.scales = new int[width];
        this.wholeDigits = new int[width];
        this.nulls = new long[width];
        this.negative = new boolean[width];
        this.gapColumns = new int[width];
        this.titles = guess.headerByTitles() ? new byte[width][] : new byte[0][];
        // a blank line is a row in a table of one column, and to each reader another
        this.emptyIsNull = width > 1 && format.nulls().contains("");
    }

    /**
     * The columns; empty where a guess does not last, or its values cannot be read as what is asked
     * for.
     *
     * @param schema the types to read by
     * @param anyMissing whether texts that often mean a missing value are taken for one
     */
    static Optional<PlainColumns> of(
            Schema schema, CsvGuess guess, TableFormat.Csv format, boolean anyMissing) {
        PlainColumns columns = new PlainColumns(schema, guess, format);
        for (int c = 0; c < schema.columns().size(); c++) {
            if (!columns.set(c, schema.columns().get(c), guess.guesses().get(c))) {
                return Optional.empty();
            }
        }
        if (anyMissing) {
            List<String> missing = ColumnGuess.MISSING;
            for (int t = 0; t < missing.size(); t++) {
                columns.word(
                        missing.get(t),
                        t < ColumnGuess.SURE ? Word.MEANS_NULL : Word.MAY_MEAN_NULL);
            }
        }
        format.nulls().forEach(n -> columns.word(n, Word.NULL));
        return Optional.of(columns);
    }

    private boolean set(int c, Column column, ColumnGuess guess) {
        ColumnType lasting = guess.lasting();
        empty[c] = guess.values() == 0;
        if (!empty[c] && (lasting == null || !readable(lasting, column.type()))) {
            return false;
        }
        guessed[c] = lasting == null ? ColumnType.VARCHAR : lasting;
        scales[c] = -1;
        if (column.type() == ColumnType.DECIMAL) {
            String[] digits = column.storedAs().replaceAll("[^0-9,]", "").split(",", 2);
            scales[c] = digits.length < 2 ? 0 : Integer.parseInt(digits[1]);
            wholeDigits[c] = Integer.parseInt(digits[0]) - scales[c];
        }
        if (titles.length > 0) {
            byte[] title = guess.title();
            titles[c] = title == null ? new byte[0] : title;
        }
        boolean others = empty[c] || scales[c] >= 0 || titles.length > 0;
        sure[c] =
                others
                        ? 0
                        : switch (guessed[c]) {
                            case VARCHAR -> TEXT;
                            case BIGINT -> WHOLE;
                            case DOUBLE -> REAL;
                            case DECIMAL, BOOLEAN, DATE, TIMESTAMP -> 0;
                        };
        return true;
    }

    private static boolean readable(ColumnType guessed, ColumnType asked) {
        return guessed == asked
                || asked == ColumnType.VARCHAR
                || (guessed == ColumnType.BIGINT && asked == ColumnType.DOUBLE)
                || (guessed == ColumnType.DATE && asked == ColumnType.TIMESTAMP)
                || (asked == ColumnType.DECIMAL
                        && (guessed == ColumnType.BIGINT || guessed == ColumnType.DOUBLE));
    }

    private void word(String text, Word word) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0) {
            words.put(text, word);
            int first = bytes[0] & 0xFF;
            wordBytes[first] = Math.max(wordBytes[first], bytes.length);
        }
    }

    int width() {
        return nulls.length;
    }

    /** Whether the values of a column may have doubled quotes: those of texts. */
    boolean mayDouble(int c) {
        return guessed[c] == ColumnType.VARCHAR && titles.length == 0;
    }

    /** Says that a row begins. */
    void begin() {
        gaps = 0;
    }

    /** Says that the row has ended well. */
    void end() {
        for (int g = 0; g < gaps; g++) {
            nulls[gapColumns[g]]++;
        }
    }

    /** How many values each column lacks, by its name. */
    Map<String, Long> nulls() {
        Map<String, Long> byName = new HashMap<>();
        for (int c = 0; c < nulls.length; c++) {
            byName.put(schema.columns().get(c).name(), nulls[c]);
        }
        return byName;
    }

    /** The columns of which a value begins with a minus. */
    Set<String> negatives() {
        Set<String> names = new HashSet<>();
        for (int c = 0; c < negative.length; c++) {
            if (negative[c]) {
                names.add(schema.columns().get(c).name());
            }
        }
        return names;
    }

    /**
     * Whether a value is plain, and what its column's values are.
     *
     * @param made how many characters of each kind it has, see {@link PlainValue}
     */
    boolean takes(int c, byte[] b, int start, int end, long made) {
        return plainly(c, b, start, end, made) || slowly(c, b, start, end, made);
    }

    /** The most frequent cases, small enough for a compiler to inline. */
    private boolean plainly(int c, byte[] b, int start, int end, long made) {
        int length = end - start;
        if (length == 0) {
            return false;
        }
        int first = b[start] & 0xFF;
        if (length <= wordBytes[first]) {
            return false;
        }
        return switch (sure[c]) {
            case TEXT ->
                    length <= PlainValue.LONGEST_SUMMED && (made & PlainValue.ANY_NOT_ASCII) == 0;
            case WHOLE -> made == length && length <= PlainValue.WHOLE_DIGITS && first != '0';
            case REAL ->
                    made == PlainValue.POINT + length - 1
                            && length <= PlainValue.LONGEST_NUMBER
                            && first != '.'
                            && b[end - 1] != '.'
                            && (first != '0' || b[start + 1] == '.');
            default -> false;
        };
    }

    private boolean slowly(int c, byte[] b, int start, int end, long made) {
        int length = end - start;
        if (length == 0) {
            gapColumns[gaps++] = c;
            return emptyIsNull;
        }
        if (b[start] == '-') {
            negative[c] = true;
        }
        if (length <= wordBytes[b[start] & 0xFF]) {
            Word word = words.get(new String(b, start, length, StandardCharsets.UTF_8));
            if (word == Word.NULL) {
                gapColumns[gaps++] = c;
                return true;
            }
            if (word == Word.MEANS_NULL
                    || (word == Word.MAY_MEAN_NULL && guessed[c] != ColumnType.VARCHAR)) {
                return false;
            }
        }
        if (empty[c]
                || (scales[c] >= 0
                        && !PlainValue.decimal(b, start, end, made, wholeDigits[c], scales[c]))) {
            return false;
        }
        return switch (guessed[c]) {
            case BIGINT -> PlainValue.whole(b, start, end, made);
            case DOUBLE ->
                    PlainValue.real(b, start, end, made) || PlainValue.whole(b, start, end, made);
            case VARCHAR -> PlainValue.text(b, start, end, made) && !title(c, b, start, end);
            case DATE -> PlainValue.day(b, start, end, made);
            case TIMESTAMP -> PlainValue.moment(b, start, end, made);
            case BOOLEAN -> PlainValue.truth(b, start, length);
            case DECIMAL -> false;
        };
    }

    private boolean title(int c, byte[] b, int start, int end) {
        return titles.length > 0 && Arrays.equals(b, start, end, titles[c], 0, titles[c].length);
    }
}

package dev.weir.ml.data;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a column holds. DuckDB's finer types are grouped: all whole numbers are {@link #BIGINT}. */
public enum ColumnType {
    /** Whole numbers of up to 64 bits. */
    BIGINT,
    /** IEEE 754 numbers. */
    DOUBLE,
    /** Exact decimal numbers; a model sees them as doubles. */
    DECIMAL,
    /** True or false. */
    BOOLEAN,
    /** Text. */
    VARCHAR,
    /** Calendar days. */
    DATE,
    /** Moments without a zone, to the microsecond. */
    TIMESTAMP;

    private static final Pattern DECIMAL_TEXT =
            Pattern.compile("(DECIMAL|NUMERIC)(\\s*\\(\\s*\\d{1,2}\\s*(,\\s*\\d{1,2}\\s*)?\\))?");

    /** Whether values of this type can be added. */
    public boolean numeric() {
        return this == BIGINT || this == DOUBLE || this == DECIMAL;
    }

    /** Whether values of this type lie on the time line. */
    public boolean temporal() {
        return this == DATE || this == TIMESTAMP;
    }

    /**
     * The type that a SQL type text means, in any case: {@code int}, {@code DECIMAL(12,2)}, {@code
     * string}. Empty for a type that tables in Weir do not have: nested values, blobs, times
     * without a day, intervals.
     */
    public static Optional<ColumnType> of(String declared) {
        String text = declared.strip().toUpperCase(Locale.ROOT);
        return switch (text) {
            case "TINYINT",
                    "SMALLINT",
                    "INT",
                    "INTEGER",
                    "BIGINT",
                    "LONG",
                    "UTINYINT",
                    "USMALLINT",
                    "UINTEGER" ->
                    Optional.of(BIGINT);
            case "FLOAT", "REAL", "DOUBLE", "DOUBLE PRECISION" -> Optional.of(DOUBLE);
            case "UBIGINT", "HUGEINT", "UHUGEINT" -> Optional.of(DECIMAL);
            case "BOOLEAN", "BOOL" -> Optional.of(BOOLEAN);
            case "VARCHAR", "STRING", "TEXT", "UUID" -> Optional.of(VARCHAR);
            case "DATE" -> Optional.of(DATE);
            case "TIMESTAMP",
                    "DATETIME",
                    "TIMESTAMP_S",
                    "TIMESTAMP_MS",
                    "TIMESTAMP_NS",
                    "TIMESTAMP WITH TIME ZONE",
                    "TIMESTAMPTZ" ->
                    Optional.of(TIMESTAMP);
            default -> {
                if (DECIMAL_TEXT.matcher(text).matches()) {
                    yield Optional.of(DECIMAL);
                }
                yield text.startsWith("ENUM(") ? Optional.of(VARCHAR) : Optional.empty();
            }
        };
    }
}

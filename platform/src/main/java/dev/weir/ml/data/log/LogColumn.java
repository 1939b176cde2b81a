package dev.weir.ml.data.log;

import java.util.Locale;

/**
 * One column of a table that grows.
 *
 * @param name as the table spells it
 */
public record LogColumn(String name, Kind kind) {
    /** What a column holds, and how a row has it in bytes. */
    public enum Kind {
        /** A double, 8 bytes; NaN is missing. */
        NUMBER("DOUBLE"),
        /** A float, 4 bytes; NaN is missing. */
        REAL("FLOAT"),
        /** A whole number, 8 bytes; the smallest is missing. */
        WHOLE("BIGINT"),
        /** Microseconds since the epoch, 8 bytes; the smallest is missing. */
        TIME("TIMESTAMP"),
        /** The length in bytes, 4 bytes, -1 for missing; then UTF-8. */
        TEXT("VARCHAR");

        private final String sql;

        Kind(String sql) {
            this.sql = sql;
        }

        /** The type in DuckDB. */
        public String sql() {
            return sql;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /** A column of a type in DuckDB's words. */
    static LogColumn of(String name, String sql) {
        for (Kind kind : Kind.values()) {
            if (kind.sql().equals(sql)) {
                return new LogColumn(name, kind);
            }
        }
        return new LogColumn(name, Kind.TEXT);
    }
}

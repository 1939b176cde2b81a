package dev.weir.ml.data.matrix;

/** A number that a day or a moment is made of, as a calendar on the wall shows it (no zone). */
public enum DatePart {
    /** For example 2026. */
    YEAR("year"),
    /** 1 to 12. */
    MONTH("month"),
    /** 1 for Monday to 7 for Sunday. */
    WEEKDAY("isodow"),
    /** 0 to 23. */
    HOUR("hour");

    private final String sql;

    DatePart(String sql) {
        this.sql = sql;
    }

    /** DuckDB's function for it. */
    String sql() {
        return sql;
    }
}

package dev.weir.ml.data;

import dev.weir.base.problem.Problem;

import java.util.Locale;

/**
 * One column of a table.
 *
 * @param name as the table spells it; not blank
 * @param type what it holds
 * @param declared DuckDB's text of the type, for example {@code DECIMAL(12,2)} or {@code INTEGER}
 */
public record Column(String name, ColumnType type, String declared) {
    public Column {
        if (name.isBlank()) {
            throw new IllegalArgumentException("column name: blank (expected: some text)");
        }
        declared = declared.strip().toUpperCase(Locale.ROOT);
    }

    /** A column of the plain type. */
    public Column(String name, ColumnType type) {
        this(name, type, type == ColumnType.DECIMAL ? "DECIMAL(18,3)" : type.name());
    }

    /**
     * A column of a declared type, in DuckDB's words or in people's: {@code int}, {@code string}.
     *
     * @throws dev.weir.base.problem.ProblemException for a type that tables in Weir do not have
     */
    public static Column of(String name, String declared) {
        ColumnType type =
                ColumnType.of(declared)
                        .orElseThrow(
                                () ->
                                        Problem.input(
                                                        "table.type",
                                                        name
                                                                + ": type "
                                                                + declared
                                                                + " (expected: bigint, double,"
                                                                + " decimal, boolean, varchar, date"
                                                                + " or timestamp)")
                                                .hint(
                                                        "Leave the column out, or turn it into one"
                                                                + " of these types before.")
                                                .exception());
        return switch (declared.strip().toUpperCase(Locale.ROOT)) {
            case "INT", "LONG", "BOOL", "STRING", "TEXT", "REAL", "DOUBLE PRECISION", "DATETIME" ->
                    new Column(name, type);
            case "DECIMAL", "NUMERIC" -> new Column(name, type);
            default -> new Column(name, type, declared);
        };
    }

    /** The type in which a text file's values of this column are stored. */
    public String storedAs() {
        return type == ColumnType.DECIMAL && declared.startsWith("DECIMAL") ? declared : plain();
    }

    private String plain() {
        return type == ColumnType.DECIMAL ? "DECIMAL(38,0)" : type.name();
    }
}

package dev.weir.ml.data.matrix;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.DuckDb;

/** A column's values as numbers, in SQL. */
public final class SqlNumbers {
    private SqlNumbers() {}

    /** Days or microseconds since 1970, 0 and 1, whole numbers; as BIGINT. */
    static String asWhole(Column column) {
        String name = DuckDb.name(column.name());
        return switch (column.type()) {
            case BIGINT, BOOLEAN -> "cast(" + name + " as bigint)";
            case DATE -> "date_diff('day', date '1970-01-01', " + name + ")";
            case TIMESTAMP -> "epoch_us(cast(" + name + " as timestamp))";
            case DOUBLE, DECIMAL, VARCHAR -> throw noNumber(column);
        };
    }

    /** Days or seconds since 1970, 0 and 1, or the number itself; as DOUBLE. */
    public static String asDouble(Column column) {
        return switch (column.type()) {
            case BIGINT, BOOLEAN, DATE -> "cast(" + asWhole(column) + " as double)";
            case TIMESTAMP -> "cast(" + asWhole(column) + " as double) / 1e6";
            case DOUBLE, DECIMAL -> "cast(" + DuckDb.name(column.name()) + " as double)";
            case VARCHAR -> throw noNumber(column);
        };
    }

    private static RuntimeException noNumber(Column column) {
        return Problem.input(
                        "table.type",
                        column.name() + ": " + column.declared() + " (expected: a number)")
                .exception();
    }
}

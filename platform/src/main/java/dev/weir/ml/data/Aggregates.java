package dev.weir.ml.data;

import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One query of aggregates over a table: expressions are added first, each answers a place. */
public final class Aggregates {
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private Object[] values = new Object[0];

    /** The place of this expression's value. */
    public int add(String expression) {
        return places.computeIfAbsent(expression, e -> places.size());
    }

    /** Whether nothing has been added. */
    public boolean isEmpty() {
        return places.isEmpty();
    }

    /** Asks for all of them at once. */
    public void run(DuckDb.Session session, String from) throws SQLException {
        if (places.isEmpty()) {
            return;
        }
        take(session, places.keySet(), from);
    }

    private void take(DuckDb.Session session, Collection<String> expressions, String from)
            throws SQLException {
        values = new Object[places.size()];
        session.each(
                "select " + String.join(", ", expressions) + " from " + from,
                row -> {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = row.getObject(i + 1);
                    }
                });
    }

    /**
     * Asks for all of them at once, and for more, in one pass.
     *
     * @param table a temporary table that is made, with one row
     * @param more an expression, which is its column {@code more}
     */
    public void keep(DuckDb.Session session, String table, String more, String from)
            throws SQLException {
        List<String> named = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, Integer> each : places.entrySet()) {
            names.add("a" + each.getValue());
            named.add(each.getKey() + " as a" + each.getValue());
        }
        named.add(more + " as more");
        session.run(
                "create temp table "
                        + table
                        + " as select "
                        + String.join(", ", named)
                        + " from "
                        + from);
        if (!places.isEmpty()) {
            take(session, names, table);
        }
    }

    /** A whole number; 0 for null. */
    public long whole(int place) {
        return values[place] instanceof Number number ? number.longValue() : 0;
    }

    /** A number; NaN for null. */
    public double real(int place) {
        return values[place] instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** The text of a value; empty for null. */
    public String text(int place) {
        Object value = values[place];
        return value == null ? "" : value.toString();
    }

    /** A list of numbers; empty for null. */
    public List<Double> reals(int place) throws SQLException {
        List<Double> reals = new ArrayList<>();
        if (values[place] instanceof Array array) {
            for (Object value : (Object[]) array.getArray()) {
                reals.add(value instanceof Number number ? number.doubleValue() : Double.NaN);
            }
        }
        return reals;
    }
}

package dev.weir.ml.data.check;

import dev.weir.ml.data.Aggregates;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.expect.Expectation;
import dev.weir.ml.data.expect.Expectation.Bound;
import dev.weir.ml.data.expect.Expectation.Columns;
import dev.weir.ml.data.expect.Expectation.Increasing;
import dev.weir.ml.data.expect.Expectation.Membership;
import dev.weir.ml.data.expect.Expectation.NoExtraColumns;
import dev.weir.ml.data.expect.Expectation.NotNull;
import dev.weir.ml.data.expect.Expectation.Reference;
import dev.weir.ml.data.expect.Expectation.RowCheck;
import dev.weir.ml.data.expect.Expectation.RowCount;
import dev.weir.ml.data.expect.Expectation.Side;
import dev.weir.ml.data.expect.Expectation.Type;
import dev.weir.ml.data.expect.Expectation.Unique;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.data.source.ProvenCsv;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The plan for delimited text, whose reading costs more than all checks: the file is read once. Of
 * each row one whole number is kept, with a bit for each condition that it meets; of the rows that
 * break a check the values to show; and of all rows those few columns whose checks compare rows.
 * The number of a row is its place in that table. What the proof knows (rows, and missing values of
 * each column) is not asked.
 *
 * <p>The view {@code dataset} then has the bits and what was kept.
 */
final class OnePass implements Plan {
    /** Makes joins of lists of values, and a join loses the order of rows. */
    static final String WITHOUT_OPTIMIZERS = "in_clause";

    private static final String FLAGS = "weir_flags_";
    private static final int BITS = 62;
    private static final int LONGEST_LIST = 30;
    private static final int LONGEST_EXPRESSION = 2_000;

    /** Of a check: the places of its conditions among the bits; -1: not asked. */
    private record Asked(Counting counting, int broken, int evaluated, int meant) {}

    private final DuckDb.Session session;
    private final ProvenCsv csv;
    private final Schema schema;
    private final ExpectationSuite suite;
    private final List<String> bits = new ArrayList<>();
    private final Set<String> kept = new LinkedHashSet<>();
    private final Set<String> shown = new LinkedHashSet<>();
    private final Set<Integer> storing = new LinkedHashSet<>();

    OnePass(DuckDb.Session session, ProvenCsv csv, Schema schema, ExpectationSuite suite) {
        this.session = session;
        this.csv = csv;
        this.schema = schema;
        this.suite = suite;
    }

    /** Whether a suite asks for nothing that needs more than these columns, or another engine. */
    static boolean suffices(ExpectationSuite suite) {
        return suite.expectations().stream().allMatch(e -> suffices(suite, e))
                && length(suite.where()) <= LONGEST_EXPRESSION;
    }

    private static boolean suffices(ExpectationSuite suite, Expectation expectation) {
        if (length(expectation.where()) > LONGEST_EXPRESSION) {
            return false;
        }
        return switch (expectation.check()) {
            case Membership set -> set.values().size() <= LONGEST_LIST;
            case Expectation.Expr expr -> expr.sql().length() <= LONGEST_EXPRESSION;
            case RowCount ignored -> suite.where() == null && expectation.where() == null;
            case RowCheck ignored -> true;
            case Unique ignored -> true;
            case Type ignored -> true;
            case Columns ignored -> true;
            case NoExtraColumns ignored -> true;
            default -> false;
        };
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    @Override
    public long count(Collection<Counting> countings, Failures failures) throws SQLException {
        List<Asked> asked = new ArrayList<>();
        List<Counting> compared = new ArrayList<>();
        for (Counting counting : countings) {
            if (compares(counting)) {
                keep(counting);
                compared.add(counting);
            } else {
                asked.add(ask(counting));
            }
        }
        read();
        Aggregates sums = new Aggregates();
        int all = sums.add("sum(weir_rows)");
        for (int bit = 0; bit < bits.size(); bit++) {
            sums.add(sum(bit));
        }
        sums.run(
                session,
                "(select " + grouped() + ", count(*) as weir_rows from weir_pass group by all)");
        if (sums.whole(all) != csv.rows()) {
            throw new SQLException(
                    "read " + sums.whole(all) + " rows (expected: " + csv.rows() + ")");
        }
        asked.forEach(a -> take(a, sums));
        for (Counting counting : compared) {
            compare(counting, failures);
        }
        return csv.rows();
    }

    /** Whether a row alone does not show that it breaks the check. */
    private static boolean compares(Counting counting) {
        return counting.expectation.check() instanceof Unique
                || counting.expectation.check() instanceof Increasing
                || counting.expectation.check() instanceof Reference;
    }

    private void keep(Counting counting) {
        Expectation expectation = counting.expectation;
        List<String> named = new ArrayList<>(suite.key());
        if (expectation.check() instanceof Unique unique) {
            named.addAll(unique.columns());
        }
        if (expectation.column() != null) {
            named.add(expectation.column());
        }
        String where = counting.where.toLowerCase(Locale.ROOT);
        schema.names().stream()
                .filter(n -> named.contains(n) || where.contains(n.toLowerCase(Locale.ROOT)))
                .forEach(kept::add);
    }

    private Asked ask(Counting counting) {
        boolean everywhere = counting.where.equals("true");
        String counted = counting.sql.counted();
        boolean proven = everywhere && (counted.equals("*") || proven(counting));
        String value = counted.equals("*") ? "" : "(" + counted + ") is not null";
        String seen =
                everywhere || value.isEmpty()
                        ? (value.isEmpty() ? counting.where : value)
                        : counting.where + " and " + value;
        boolean kept = everywhere && kept(counting.expectation);
        int broken = kept ? -1 : bit(counting.condition());
        if (broken >= 0) {
            if (!counting.sql.shown().equals("null")) {
                shown.add(String.valueOf(counting.expectation.column()));
                storing.add(broken);
            }
            if (!suite.key().isEmpty()) {
                storing.add(broken);
            }
            counting.found = met(broken);
        }
        return new Asked(
                counting, broken, proven ? -1 : bit(seen), everywhere ? -1 : bit(counting.where));
    }

    /** Whether it is about the values of a column, whose gaps are counted already. */
    private boolean proven(Counting counting) {
        String column = counting.expectation.column();
        return column != null && counting.sql.counted().equals(DuckDb.name(column));
    }

    /** Whether the proof shows already that no row breaks it. */
    private boolean kept(Expectation expectation) {
        String column = String.valueOf(expectation.column());
        return switch (expectation.check()) {
            case NotNull ignored -> csv.missing(column) == 0;
            case Bound bound ->
                    (bound.side() == Side.MIN || bound.side() == Side.EXCLUSIVE_MIN)
                            && bound.value().isNumber()
                            && bound.value().doubleValue() <= 0
                            && (bound.side() == Side.MIN || bound.value().doubleValue() < 0)
                            && schema.column(column).filter(c -> c.type().numeric()).isPresent()
                            && !csv.negative(column);
            default -> false;
        };
    }

    private long missing(Counting counting) {
        return csv.missing(String.valueOf(counting.expectation.column()));
    }

    private int bit(String condition) {
        int known = bits.indexOf(condition);
        if (known >= 0) {
            return known;
        }
        bits.add(condition);
        return bits.size() - 1;
    }

    /** The one pass, and the view {@code dataset} of what it left. */
    private void read() throws SQLException {
        suite.key().stream().filter(k -> schema.column(k).isPresent()).forEach(shown::add);
        String shownTexts =
                shown.stream()
                        .map(s -> "cast(" + DuckDb.name(s) + " as varchar)")
                        .collect(Collectors.joining(", ", "[", "]"));
        Map<Integer, Long> masks = new TreeMap<>();
        storing.forEach(bit -> masks.merge(bit / BITS, 1L << bit % BITS, Long::sum));
        String stored =
                masks.entrySet().stream()
                        .map(m -> "(" + FLAGS + m.getKey() + " & " + m.getValue() + ") <> 0")
                        .collect(Collectors.joining(" or "));
        List<String> columns = new ArrayList<>(flags().toList());
        kept.stream().map(DuckDb::name).forEach(columns::add);
        columns.add(
                storing.isEmpty()
                        ? "cast(null as varchar[]) as weir_shown"
                        : "case when " + stored + " then " + shownTexts + " end as weir_shown");
        String made = flags().map(f -> ", " + flag(f) + " as " + f).collect(Collectors.joining());
        session.run(
                "create temp table weir_pass as select "
                        + String.join(", ", columns)
                        + " from (select *"
                        + made
                        + " from "
                        + csv.sql()
                        + ")");
        List<String> view = new ArrayList<>(List.of("rowid + 1 as " + RowSql.ROW));
        flags().forEach(view::add);
        kept.stream().map(DuckDb::name).forEach(view::add);
        int place = 0;
        for (String name : shown) {
            place++;
            if (!kept.contains(name)) {
                view.add("weir_shown[" + place + "] as " + DuckDb.name(name));
            }
        }
        session.run(
                "create temp view dataset as select "
                        + String.join(", ", view)
                        + " from weir_pass");
    }

    private Stream<String> flags() {
        return Stream.iterate(0, i -> i + 1)
                .limit(Math.max(1, Math.ceilDiv(bits.size(), BITS)))
                .map(i -> FLAGS + i);
    }

    private String grouped() {
        return flags().collect(Collectors.joining(", "));
    }

    private String flag(String name) {
        int from = Integer.parseInt(name.substring(FLAGS.length())) * BITS;
        List<String> cases = new ArrayList<>();
        for (int bit = from; bit < Math.min(from + BITS, bits.size()); bit++) {
            cases.add(
                    "case when "
                            + bits.get(bit)
                            + " then cast("
                            + (1L << bit - from)
                            + " as bigint) else cast(0 as bigint) end");
        }
        return cases.isEmpty() ? "cast(0 as bigint)" : String.join(" + ", cases);
    }

    private static String met(int bit) {
        return "(" + FLAGS + bit / BITS + " & " + (1L << bit % BITS) + ") <> 0";
    }

    private static String sum(int bit) {
        return "sum(case when " + met(bit) + " then weir_rows end)";
    }

    private void take(Asked asked, Aggregates sums) {
        Counting counting = asked.counting;
        long meant = asked.meant < 0 ? csv.rows() : sums.whole(sums.add(sum(asked.meant)));
        boolean gaps = asked.evaluated < 0 && !counting.sql.counted().equals("*");
        counting.evaluatedRows =
                asked.evaluated >= 0
                        ? sums.whole(sums.add(sum(asked.evaluated)))
                        : csv.rows() - (gaps ? missing(counting) : 0);
        counting.missingRows = meant - counting.evaluatedRows;
        counting.violations = asked.broken < 0 ? 0 : sums.whole(sums.add(sum(asked.broken)));
    }

    private void compare(Counting counting, Failures failures) {
        Aggregates ask = new Aggregates();
        ask.add(counting.evaluated());
        ask.add(counting.meant());
        try {
            ask.run(session, "dataset");
            counting.look(ask);
            counting.count(session, false);
        } catch (SQLException e) {
            failures.failed(counting, e);
        }
    }
}

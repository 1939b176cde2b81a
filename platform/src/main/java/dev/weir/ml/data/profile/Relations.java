package dev.weir.ml.data.profile;

import dev.weir.ml.data.Aggregates;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Words;
import dev.weir.ml.data.profile.Profile.ColumnProfile;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How columns of a table hang together with its target and with each other. */
final class Relations {
    private static final double CORRELATED = 0.999;
    private static final int MOST_ADDENDS = 40;
    private static final long MOST_TWIN_VALUES = 1_000;

    private final DuckDb.Session session;
    private final Path parquet;
    private final Profile profile;
    private final Column target;
    private final Map<String, String> leaks;
    private final Map<String, String> twins;

    Relations(DuckDb.Session session, Path parquet, Profile profile, Column target)
            throws SQLException {
        this.session = session;
        this.parquet = parquet;
        this.profile = profile;
        this.target = target;
        this.leaks = new HashMap<>();
        sums();
        correlations();
        this.twins = twins();
    }

    /** Why this column tells the target; null where it does not. */
    @Nullable String leak(ColumnProfile column) {
        String known = leaks.get(column.name());
        if (known != null) {
            return known;
        }
        return target.name().equals(twins.get(column.name()))
                ? column.name()
                        + " tells "
                        + target.name()
                        + ": each value of one has its own value of the other"
                : null;
    }

    /** The first column before it that says the same in other words; null where none does. */
    @Nullable String twin(ColumnProfile column) {
        return twins.get(column.name());
    }

    /** How many words a value has, on average. */
    double words(ColumnProfile column) throws SQLException {
        double[] mean = {0};
        session.each(
                "select coalesce("
                        + Words.mean(column.name())
                        + ", 0) from "
                        + DuckDb.parquet(parquet, false),
                row -> mean[0] = row.getDouble(1));
        return mean[0];
    }

    /** Whether its values never fall from row to row. */
    boolean ordered(ColumnProfile column) throws SQLException {
        String name = DuckDb.name(column.name());
        return column.nulls() == 0
                && session.count(
                                "select count(*) from (select "
                                        + name
                                        + " < lag("
                                        + name
                                        + ") over (order by file_row_number) as falls from "
                                        + DuckDb.parquet(parquet, true)
                                        + ") where falls")
                        == 0;
    }

    private List<ColumnProfile> numbers() {
        return profile.columns().stream()
                .filter(c -> c.column().type().numeric() && !c.name().equals(target.name()))
                .filter(c -> c.distinct() > 1 && c.numbers() != null)
                .toList();
    }

    private boolean numericTarget() {
        return target.type().numeric()
                && profile.column(target.name()).orElseThrow().distinct() > 2;
    }

    private String number(String name) {
        return "cast(" + DuckDb.name(name) + " as double)";
    }

    /** Pairs of columns whose sum is the target: first on some rows, then on all. */
    private void sums() throws SQLException {
        List<ColumnProfile> numbers = numbers();
        if (!numericTarget() || numbers.size() > MOST_ADDENDS) {
            return;
        }
        Map<String, List<String>> pairs = new LinkedHashMap<>();
        for (int a = 0; a < numbers.size(); a++) {
            for (int b = a + 1; b < numbers.size(); b++) {
                String first = numbers.get(a).name();
                String second = numbers.get(b).name();
                String difference =
                        number(first) + " + " + number(second) + " - " + number(target.name());
                String apart =
                        "count(*) filter (where abs("
                                + difference
                                + ") > 1e-9 * (1 + abs("
                                + number(target.name())
                                + ")))";
                pairs.put(apart, List.of(first, second));
            }
        }
        String some = "(select * from " + DuckDb.parquet(parquet, false) + " limit 1000)";
        for (String apart : agreeing(new ArrayList<>(pairs.keySet()), some)) {
            List<String> pair = pairs.getOrDefault(apart, List.of());
            boolean always = !agreeing(List.of(apart), DuckDb.parquet(parquet, false)).isEmpty();
            if (always) {
                String reason = String.join(" + ", pair) + " = " + target.name() + " in every row";
                pair.forEach(
                        name -> leaks.put(name, name + " tells " + target.name() + ": " + reason));
            }
        }
    }

    private List<String> agreeing(List<String> counts, String from) throws SQLException {
        Aggregates all = new Aggregates();
        counts.forEach(all::add);
        all.run(session, from);
        return counts.stream().filter(c -> all.whole(all.add(c)) == 0).toList();
    }

    private void correlations() throws SQLException {
        if (!target.type().numeric()) {
            return;
        }
        Aggregates all = new Aggregates();
        List<ColumnProfile> numbers = numbers();
        for (ColumnProfile column : numbers) {
            all.add(correlation(column.name()));
        }
        all.run(session, DuckDb.parquet(parquet, false));
        for (ColumnProfile column : numbers) {
            double r = all.real(all.add(correlation(column.name())));
            if (Math.abs(r) > CORRELATED) {
                leaks.putIfAbsent(
                        column.name(),
                        column.name()
                                + " tells "
                                + target.name()
                                + String.format(Locale.ROOT, ": correlation %.4f", r));
            }
        }
    }

    private String correlation(String name) {
        String both = "isfinite(" + number(name) + ") and isfinite(" + number(target.name()) + ")";
        return "corr("
                + number(name)
                + ", "
                + number(target.name())
                + ") filter (where "
                + both
                + ")";
    }

    /** Columns with as many values as another, and as many pairs of both: each tells the other. */
    private Map<String, String> twins() throws SQLException {
        Map<String, String> found = new LinkedHashMap<>();
        List<ColumnProfile> columns =
                profile.columns().stream()
                        .filter(c -> c.distinctExact() && c.distinct() > 1)
                        .filter(c -> c.distinct() <= MOST_TWIN_VALUES)
                        .filter(c -> c.distinct() < profile.rows() - c.nulls())
                        .toList();
        for (int b = 0; b < columns.size(); b++) {
            for (int a = 0; a < columns.size(); a++) {
                boolean before = a < b || columns.get(a).name().equals(target.name());
                if (a != b && before && twins(columns.get(a), columns.get(b))) {
                    found.merge(
                            columns.get(b).name(),
                            columns.get(a).name(),
                            (known, other) -> other.equals(target.name()) ? other : known);
                }
            }
        }
        return found;
    }

    private boolean twins(ColumnProfile a, ColumnProfile b) throws SQLException {
        return a.distinct() == b.distinct()
                && a.nulls() == b.nulls()
                && session.count(
                                "select count(*) from (select distinct "
                                        + DuckDb.name(a.name())
                                        + ", "
                                        + DuckDb.name(b.name())
                                        + " from "
                                        + DuckDb.parquet(parquet, false)
                                        + ")")
                        == a.distinct() + (a.nulls() > 0 ? 1 : 0);
    }
}

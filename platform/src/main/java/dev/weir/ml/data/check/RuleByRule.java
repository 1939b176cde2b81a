package dev.weir.ml.data.check;

import dev.weir.ml.data.Aggregates;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.profile.Profile;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The plan for Parquet: what the profile or the footers prove is not counted. What is left is asked
 * rule by rule, since each reads its own column and skips what a row group's extremes rule out.
 *
 * @param profile of the very table; null where there is none
 */
record RuleByRule(DuckDb.Session session, Path table, Schema schema, @Nullable Profile profile)
        implements Plan {
    private static final long FEW = 10_000;

    @Override
    public long count(Collection<Counting> countings, Failures failures) throws SQLException {
        long rows =
                profile == null ? session.count("select count(*) from dataset") : profile.rows();
        Footers footers =
                profile == null ? Footers.of(session, table, schema, rows) : Footers.none();
        Map<String, List<Counting>> unseen = new LinkedHashMap<>();
        List<Counting> open = new ArrayList<>();
        for (Counting counting : countings) {
            if (profile != null && ProfileAnswers.answer(profile, counting)) {
                continue;
            }
            boolean seen = footers.look(counting);
            if (seen && footers.answer(counting)) {
                continue;
            }
            if (counting.together()) {
                alone(counting, failures);
                continue;
            }
            if (!seen) {
                unseen.computeIfAbsent(counting.where, w -> new ArrayList<>()).add(counting);
            }
            open.add(counting);
        }
        List<Counting> failed = new ArrayList<>();
        unseen.values()
                .forEach(
                        same ->
                                look(
                                        same,
                                        (counting, cause) -> {
                                            failed.add(counting);
                                            failures.failed(counting, cause);
                                        }));
        for (Counting counting : open) {
            if (!failed.contains(counting)) {
                try {
                    counting.count(session, few(counting, footers));
                } catch (SQLException e) {
                    failures.failed(counting, e);
                }
            }
        }
        return rows;
    }

    private boolean few(Counting counting, Footers footers) {
        String name = counting.expectation.column();
        return footers.few(name)
                || (profile != null
                        && name != null
                        && profile.column(name).filter(c -> c.distinct() <= FEW).isPresent());
    }

    /** How many rows the rules look at: one query for all that are about the same rows. */
    private void look(List<Counting> same, Failures failures) {
        Aggregates ask = new Aggregates();
        same.forEach(
                c -> {
                    ask.add(c.evaluated());
                    ask.add(c.meant());
                });
        try {
            ask.run(session, "dataset");
            same.forEach(c -> c.look(ask));
        } catch (SQLException e) {
            if (same.size() == 1) {
                failures.failed(same.getFirst(), e);
            } else {
                same.forEach(c -> look(List.of(c), failures));
            }
        }
    }

    private void alone(Counting counting, Failures failures) {
        Aggregates alone = new Aggregates();
        alone.add(counting.evaluated());
        alone.add(counting.meant());
        alone.add(counting.broken());
        try {
            alone.run(session, "dataset");
            counting.take(alone);
        } catch (SQLException e) {
            failures.failed(counting, e);
        }
    }
}

package dev.weir.ml.data.profile;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Words;
import dev.weir.ml.data.profile.Profile.ColumnProfile;
import dev.weir.ml.data.profile.Profile.Count;
import dev.weir.ml.data.profile.TargetAdvice.Remark;
import dev.weir.ml.data.profile.TargetAdvice.Sort;
import dev.weir.ml.stats.Task;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Looks at a table through the eyes of one who is to predict a column of it. */
public final class TargetAdvisor {
    private static final int MOST_CLASSES = 100;

    /** As many values of a category as stand for themselves. */
    private static final long MANY_VALUES = 255;

    private static final Set<String> YES = Set.of("true", "yes", "y", "positive", "spam", ">50k");
    private static final Set<String> ONE = Set.of("1", "1.0");
    private static final Set<String> ZERO = Set.of("0", "0.0", "-1", "-1.0");

    private final DuckDb duckDb;

    public TargetAdvisor(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /**
     * The advice.
     *
     * @throws dev.weir.base.problem.ProblemException where there is no such column, or it has no
     *     value, one value only, or text of too many values
     */
    public TargetAdvice advise(Path parquet, Profile profile, String target) {
        return advise(parquet, profile, target, Optional.empty());
    }

    /**
     * The advice, where a person says what kind of prediction it is.
     *
     * @throws dev.weir.base.problem.ProblemException {@code target.task} too, where the column's
     *     values do not allow it
     */
    public TargetAdvice advise(
            Path parquet, Profile profile, String target, Optional<Task> wanted) {
        Column column = profile.schema().required(target);
        ColumnProfile known = profile.column(target).orElseThrow();
        refuseUseless(known, profile.rows());
        Task task = wanted.isEmpty() ? task(known) : possible(known, wanted.get());
        List<Remark> remarks = new ArrayList<>();
        try (DuckDb.Session session = duckDb.open()) {
            Relations relations = new Relations(session, parquet, profile, column);
            for (ColumnProfile other : profile.columns()) {
                if (!other.name().equals(target)) {
                    remark(other, profile.rows(), relations, remarks);
                }
            }
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
        boolean classes = task != Task.REGRESSION;
        return new TargetAdvice(
                task,
                task == Task.BINARY ? positive(known) : null,
                classes ? known.top().stream().map(Count::value).toList() : List.of(),
                remarks);
    }

    private static void refuseUseless(ColumnProfile target, long rows) {
        String name = target.name();
        if (target.nulls() == rows) {
            throw Problem.input(
                            "target.empty",
                            "target " + name + ": no value in any row (expected: values)")
                    .exception();
        }
        if (target.distinct() < 2) {
            throw Problem.input(
                            "target.constant",
                            "target "
                                    + name
                                    + ": one value only, "
                                    + target.top().getFirst().value()
                                    + " (expected: two or more)")
                    .hint("There is nothing to tell apart.")
                    .exception();
        }
        if (!target.column().type().numeric() && target.distinct() > MOST_CLASSES) {
            throw Problem.input(
                            "target.classes",
                            "target "
                                    + name
                                    + ": "
                                    + target.distinct()
                                    + " different values (expected: at most "
                                    + MOST_CLASSES
                                    + " classes, or numbers)")
                    .exception();
        }
    }

    private static Task possible(ColumnProfile target, Task wanted) {
        boolean numeric = target.column().type().numeric();
        String expected =
                switch (wanted) {
                    case BINARY -> target.distinct() == 2 ? "" : "two values";
                    case MULTICLASS ->
                            target.distinct() > 2 && target.distinct() <= MOST_CLASSES
                                    ? ""
                                    : "3 to " + MOST_CLASSES + " values";
                    case REGRESSION -> numeric ? "" : "numbers";
                };
        if (!expected.isEmpty()) {
            throw Problem.input(
                            "target.task",
                            "task %s: target %s has %,d different values%s (expected: %s)"
                                    .formatted(
                                            wanted.text(),
                                            target.name(),
                                            target.distinct(),
                                            numeric ? "" : ", which are no numbers",
                                            expected))
                    .exception();
        }
        return wanted;
    }

    private static Task task(ColumnProfile target) {
        if (target.distinct() == 2) {
            return Task.BINARY;
        }
        return target.column().type().numeric() ? Task.REGRESSION : Task.MULTICLASS;
    }

    /** The value that means yes, or is 1 beside 0 or -1; else the rarer one. */
    private static String positive(ColumnProfile target) {
        List<String> both = target.top().stream().map(Count::value).toList();
        boolean zero = both.stream().anyMatch(ZERO::contains);
        return both.stream()
                .filter(v -> YES.contains(v.toLowerCase(Locale.ROOT)) || (zero && ONE.contains(v)))
                .findFirst()
                .orElse(
                        target.top().stream()
                                .min(
                                        Comparator.comparingLong(Count::rows)
                                                .thenComparing(Count::value))
                                .map(Count::value)
                                .orElseThrow());
    }

    private static void remark(
            ColumnProfile column, long rows, Relations relations, List<Remark> remarks)
            throws SQLException {
        String name = column.name();
        long values = rows - column.nulls();
        if (values == 0) {
            remarks.add(new Remark(name, Sort.EMPTY, name + " has no value in any row"));
            return;
        }
        if (column.distinct() == 1 && column.nulls() == 0) {
            remarks.add(
                    new Remark(
                            name,
                            Sort.CONSTANT,
                            name + " is " + column.top().getFirst().value() + " in every row"));
            return;
        }
        boolean many =
                column.column().type() == ColumnType.VARCHAR && column.distinct() > MANY_VALUES;
        double words = many ? relations.words(column) : 0;
        if (words >= Words.OF_A_TEXT) {
            remarks.add(
                    new Remark(
                            name,
                            Sort.TEXT,
                            String.format(
                                    Locale.ROOT,
                                    "%s is text of %.0f words on average: it is read word by word",
                                    name,
                                    words)));
            return;
        }
        String leak = relations.leak(column);
        if (leak != null) {
            remarks.add(new Remark(name, Sort.LEAK, leak));
            return;
        }
        if (column.namesRows(rows)) {
            remarks.add(
                    new Remark(
                            name,
                            Sort.IDENTIFIER,
                            name
                                    + " differs in every row: it names rows, and says nothing of"
                                    + " others"));
            return;
        }
        if (many) {
            remarks.add(
                    new Remark(
                            name,
                            Sort.MANY_VALUES,
                            String.format(
                                    Locale.ROOT,
                                    "%s has %,d different values: the %d most frequent stand for"
                                            + " themselves, all others together",
                                    name,
                                    column.distinct(),
                                    MANY_VALUES - 1)));
        }
        if (column.column().type().temporal() && relations.ordered(column)) {
            remarks.add(
                    new Remark(
                            name,
                            Sort.TIME,
                            name + " never falls from row to row: it offers a holdout by time"));
        }
        @Nullable String twin = relations.twin(column);
        if (twin != null) {
            remarks.add(
                    new Remark(
                            name,
                            Sort.DUPLICATE,
                            name
                                    + " and "
                                    + twin
                                    + " say the same: each value of one has its own"
                                    + " value of the other"));
        }
    }
}

package dev.weir.ml.tracking.search;

import dev.weir.ml.tracking.Lifecycle;
import dev.weir.ml.tracking.RunInfo;
import dev.weir.ml.tracking.RunStatus;
import dev.weir.ml.tracking.search.Field.Kind;
import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Finds runs by SQL. In one experiment, an order that begins with a metric walks the index of its
 * latest values and stops when the page is full: first numbers, then NaN, then the runs without it.
 */
final class RunSearchDao {
    private static final String COLUMNS =
            "run.id, run.experiment_id, run.name, run.status, run.lifecycle, run.user_name,"
                    + " run.started_us, run.ended_us";

    private final Transaction tx;
    private final String workspace;

    RunSearchDao(Transaction tx, String workspace) {
        this.tx = tx;
        this.workspace = workspace;
    }

    /** Runs from a place of the order on, at most so many. */
    List<RunInfo> search(RunQuery query, int offset, int limit) {
        Taking taking = new Taking(offset, limit);
        List<OrderBy> order = query.orderBy();
        boolean walks =
                query.experimentIds().size() == 1
                        && !order.isEmpty()
                        && order.getFirst().field().kind() == Kind.METRIC;
        if (!walks) {
            run(new Sql().all(query, order), taking);
            return taking.found;
        }
        for (Walk walk : Walk.values()) {
            if (taking.room() > 0) {
                run(new Sql().walk(query, walk), taking);
            }
        }
        return taking.found;
    }

    /** The parts of an order by a metric, in which they come. */
    private enum Walk {
        NUMBERS,
        NAN,
        MISSING
    }

    /** Skips what pages before have shown, and keeps the rest. */
    private static final class Taking {
        final List<RunInfo> found = new ArrayList<>();
        private final int limit;
        private int skip;

        Taking(int offset, int limit) {
            this.skip = offset;
            this.limit = limit;
        }

        /** How many rows of the next part may matter. */
        int room() {
            return found.size() == limit ? 0 : skip + limit - found.size();
        }

        void take(ResultSet row) throws SQLException {
            if (skip > 0) {
                skip--;
            } else {
                found.add(info(row));
            }
        }
    }

    private void run(Sql sql, Taking taking) {
        sql.text.append(" limit ?");
        sql.values.add(taking.room());
        tx.eachOnce(sql.text.toString(), taking::take, sql.values);
    }

    private static RunInfo info(ResultSet row) throws SQLException {
        long ended = row.getLong(8);
        @Nullable Instant end = row.wasNull() ? null : Times.instant(ended);
        return new RunInfo(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                RunStatus.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                Lifecycle.valueOf(row.getString(5).toUpperCase(Locale.ROOT)),
                row.getString(6),
                Times.instant(row.getLong(7)),
                end);
    }

    /** One statement, on its way. */
    private final class Sql {
        final StringBuilder text = new StringBuilder();
        final List<@Nullable Object> values = new ArrayList<>();

        private Sql add(String sql, @Nullable Object... bound) {
            text.append(sql);
            Collections.addAll(values, bound);
            return this;
        }

        Sql all(RunQuery query, List<OrderBy> order) {
            add("select " + COLUMNS + " from run");
            joins(order, 0);
            add(" where run.workspace = ? and run.experiment_id in (", workspace);
            for (int i = 0; i < query.experimentIds().size(); i++) {
                add(i == 0 ? "?" : ", ?", query.experimentIds().get(i));
            }
            add(")");
            conditions(query);
            add(" order by ");
            return order(order, 0);
        }

        Sql walk(RunQuery query, Walk part) {
            OrderBy first = query.orderBy().getFirst();
            String experiment = query.experimentIds().getFirst();
            String key = first.field().key();
            if (part == Walk.MISSING) {
                add("select " + COLUMNS + " from run");
                joins(query.orderBy(), 1);
                add(" where run.workspace = ? and run.experiment_id = ?", workspace, experiment);
                add(
                        " and not exists (select 1 from latest_metric m where m.run_id = run.id"
                                + " and m.key = ?)",
                        key);
                conditions(query);
                add(" order by ");
                return order(query.orderBy(), 1);
            }
            add("select " + COLUMNS + " from latest_metric walked cross join run");
            joins(query.orderBy(), 1);
            add(
                    " where walked.workspace = ? and walked.experiment_id = ? and walked.key = ?",
                    workspace,
                    experiment,
                    key);
            add(" and walked.undefined = " + (part == Walk.NAN ? 1 : 0));
            add(" and run.id = walked.run_id and run.workspace = ?", workspace);
            conditions(query);
            add(" order by ");
            if (part == Walk.NUMBERS) {
                add("walked.value" + (first.ascending() ? ", " : " desc, "));
            }
            return order(query.orderBy(), 1);
        }

        private void conditions(RunQuery query) {
            switch (query.view()) {
                case ACTIVE_ONLY -> add(" and run.lifecycle = 'active'");
                case DELETED_ONLY -> add(" and run.lifecycle = 'deleted'");
                case ALL -> add("");
            }
            if (!query.filter().equals(Filter.EVERYTHING)) {
                add(" and ");
                filter(query.filter());
            }
        }

        /** What an order needs of other tables, from its field of this place on. */
        private void joins(List<OrderBy> order, int from) {
            for (int i = from; i < order.size(); i++) {
                Field field = order.get(i).field();
                String table =
                        switch (field.kind()) {
                            case METRIC -> "latest_metric";
                            case PARAM -> "param";
                            case TAG -> "run_tag";
                            case ATTRIBUTE, DATASET -> "";
                        };
                if (!table.isEmpty()) {
                    String as = "o" + i;
                    add(
                            " left join %s %s on %s.run_id = run.id and %s.key = ?"
                                    .formatted(table, as, as, as),
                            field.key());
                }
            }
        }

        private Sql order(List<OrderBy> order, int from) {
            for (int i = from; i < order.size(); i++) {
                OrderBy by = order.get(i);
                String as = "o" + i;
                String direction = by.ascending() ? "" : " desc";
                switch (by.field().kind()) {
                    case METRIC -> {
                        add("coalesce(" + as + ".undefined, 2), ");
                        add("coalesce(" + as + ".value, 0)" + direction + ", ");
                    }
                    case PARAM, TAG -> lastWhereNull(as + ".value", true, direction);
                    case DATASET -> lastWhereNull(dataset(by.field()), true, direction);
                    case ATTRIBUTE ->
                            lastWhereNull(column(by.field()), !isNumber(by.field()), direction);
                }
            }
            return add("run.started_us desc, run.id");
        }

        private void lastWhereNull(String expression, boolean isText, String direction) {
            add("case when " + expression + " is null then 1 else 0 end, ");
            add((isText ? tx.dialect().byBytes(expression) : expression) + direction + ", ");
        }

        /** The least dataset of a run; a run may have used several. */
        private String dataset(Field field) {
            return "(select min(d." + field.key() + ") from run_input d where d.run_id = run.id)";
        }

        private void filter(Filter filter) {
            switch (filter) {
                case Filter.All(List<Filter> parts) -> joined(parts, " and ");
                case Filter.Any(List<Filter> parts) -> joined(parts, " or ");
                case Filter.Not(Filter part) -> {
                    add("not (");
                    filter(part);
                    add(")");
                }
                case Filter.Clause clause -> clause(clause);
            }
        }

        private void joined(List<Filter> parts, String word) {
            add("(");
            for (int i = 0; i < parts.size(); i++) {
                add(i == 0 ? "" : word);
                filter(parts.get(i));
            }
            add(")");
        }

        private void clause(Filter.Clause clause) {
            Field field = clause.field();
            switch (field.kind()) {
                case METRIC -> metric(clause);
                case PARAM -> keyed("param", clause);
                case TAG -> keyed("run_tag", clause);
                case DATASET -> {
                    add("exists (select 1 from run_input c where c.run_id = run.id and ");
                    compare("c." + field.key(), clause);
                    add(")");
                }
                case ATTRIBUTE -> {
                    String column = column(field);
                    add("(" + column + " is not null and ");
                    compare(column, clause);
                    add(")");
                }
            }
        }

        private void keyed(String table, Filter.Clause clause) {
            add(
                    "exists (select 1 from "
                            + table
                            + " c where c.run_id = run.id and c.key = ? and ",
                    clause.field().key());
            compare("c.value", clause);
            add(")");
        }

        private void metric(Filter.Clause clause) {
            double wanted = ((Value.Number) clause.value()).number();
            boolean unequal = clause.operator() == Operator.UNEQUAL;
            add(
                    "exists (select 1 from latest_metric c where c.run_id = run.id and c.key = ?"
                            + " and (c.undefined = 1 and "
                            + (unequal ? "1 = 1" : "1 = 0")
                            + " or c.undefined = 0 and c.value "
                            + sql(clause.operator())
                            + " ?))",
                    clause.field().key(),
                    wanted);
        }

        private void compare(String column, Filter.Clause clause) {
            switch (clause.value()) {
                case Value.Number(double number) ->
                        add(column + " " + sql(clause.operator()) + " ?", number);
                case Value.Text(String wanted) -> {
                    switch (clause.operator()) {
                        case LIKE -> add(tx.dialect().like(column), tx.dialect().pattern(wanted));
                        case ILIKE -> add(tx.dialect().ilike(column), wanted);
                        case EQUAL, UNEQUAL, LESS, AT_MOST, GREATER, AT_LEAST, IN, NOT_IN ->
                                add(column + " " + sql(clause.operator()) + " ?", wanted);
                    }
                }
                case Value.Texts(List<String> wanted) -> {
                    add(column + (clause.operator() == Operator.IN ? " in (" : " not in ("));
                    for (int i = 0; i < wanted.size(); i++) {
                        add(i == 0 ? "?" : ", ?", wanted.get(i));
                    }
                    add(")");
                }
            }
        }
    }

    private static String sql(Operator operator) {
        return operator == Operator.UNEQUAL ? "<>" : operator.text();
    }

    private static boolean isNumber(Field field) {
        return field.key().endsWith("_time");
    }

    private static String column(Field field) {
        return switch (field.key()) {
            case "run_id" -> "run.id";
            case "run_name" -> "run.name";
            case "status" -> "upper(run.status)";
            case "user_id" -> "run.user_name";
            case "start_time" -> "(run.started_us / 1000)";
            case "end_time" -> "(run.ended_us / 1000)";
            case "artifact_uri" ->
                    "((select case e.artifact_location when '' then 'mlflow-artifacts:/' || e.id"
                            + " else e.artifact_location end from experiment e where e.workspace ="
                            + " run.workspace and e.id = run.experiment_id) || '/' || run.id ||"
                            + " '/artifacts')";
            default -> throw new IllegalStateException("attribute: " + field.key());
        };
    }
}

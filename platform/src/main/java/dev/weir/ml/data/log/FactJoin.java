package dev.weir.ml.data.log;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.log.LateFacts.Joined;
import dev.weir.ml.data.log.LateFacts.Span;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The join of rows with facts, in an engine that is open: each step makes a table for the next. The
 * relations are those of rows and of facts.
 */
final class FactJoin {
    private FactJoin() {}

    /** Makes the tables {@code chosen}, {@code known} and {@code joined}. */
    static void join(DuckDb.Session session, Span span, boolean numeric, List<String> relations)
            throws SQLException {
        session.run(
                "create temp view chosen as select * from "
                        + relations.getFirst()
                        + " where "
                        + span.sql());
        known(session, span.from(), numeric, relations, "true");
        session.run(
                "create temp table joined as select r.*, k.value as _outcome, k.arrived as"
                        + " _outcome_at, coalesce(k.facts, 0) as _outcomes, coalesce(k.values > 1,"
                        + " false) as _contradicted from chosen r left join known k on r._id ="
                        + " k._id");
    }

    /**
     * Makes the table {@code known}: for each id of a row what is known of it.
     *
     * @param from rows before are none that a fact is about
     * @param which facts count
     */
    private static void known(
            DuckDb.Session session,
            long from,
            boolean numeric,
            List<String> relations,
            String which)
            throws SQLException {
        matched(session, from, relations, which);
        String value = numeric ? "_number" : "_text";
        session.run(
                "create temp table known as select _id, arg_max("
                        + value
                        + ", _arrived) as value, max(_arrived) as arrived, count(*) as facts,"
                        + " count(distinct "
                        + value
                        + ") as values from matched group by _id");
    }

    /** Makes the table {@code matched}: facts with the id of the row that they are about. */
    static void matched(DuckDb.Session session, long from, List<String> relations, String which)
            throws SQLException {
        String facts = relations.get(1);
        session.run(
                "create temp table keyed as select * from "
                        + facts
                        + " where _id is null and epoch_us(_at) >= "
                        + from
                        + " and "
                        + which);
        session.run(
                "create temp table matched as select _id, _arrived, _text, _number from "
                        + facts
                        + " where _id is not null and "
                        + which);
        if (session.count("select count(*) from keyed") == 0) {
            return;
        }
        session.run(
                "create temp table candidates as select _key, _time, max(_id) as _id from "
                        + relations.getFirst()
                        + " where epoch_us(_time) >= "
                        + from
                        + " and _key in (select _key from keyed) group by _key, _time");
        session.run(
                "insert into matched select c._id, k._arrived, k._text, k._number from keyed k asof"
                        + " join candidates c on k._key = c._key and k._at >= c._time where"
                        + " epoch_us(k._at) - epoch_us(c._time) <= k._look_back_us");
    }

    static Joined joined(DuckDb.Session session) throws SQLException {
        List<Joined> one = new ArrayList<>();
        String delay = "epoch_us(_outcome_at) - epoch_us(_time)";
        session.each(
                "select count(*), count(_outcome), count(*) filter (where _contradicted),"
                        + " coalesce(quantile_disc("
                        + delay
                        + ", 0.5), 0), coalesce(quantile_disc("
                        + delay
                        + ", 0.95), 0) from joined",
                row ->
                        one.add(
                                new Joined(
                                        row.getLong(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getLong(4),
                                        row.getLong(5))));
        return one.getFirst();
    }
}

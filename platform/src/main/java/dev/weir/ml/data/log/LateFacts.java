package dev.weir.ml.data.log;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.log.LogColumn.Kind;
import dev.weir.ml.data.log.Reading.Asked;

import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Joins the rows of a growing table with facts that come later, out of another. A row has the
 * columns {@code _id}, {@code _key} and {@code _time}; several rows may have one id. A fact names
 * an id, or a key and a moment: then it is about the nearest row of that key at or before the
 * moment, not longer before than it says. Of several facts about a row the one that arrived last
 * counts. Facts about rows that are not there yet wait: they are joined when they are read.
 */
public final class LateFacts {
    private static final LogColumn ID = new LogColumn("_id", Kind.TEXT);
    private static final LogColumn KEY = new LogColumn("_key", Kind.TEXT);
    private static final LogColumn AT = new LogColumn("_at", Kind.TIME);
    private static final LogColumn LOOK_BACK = new LogColumn("_look_back_us", Kind.WHOLE);
    private static final LogColumn TEXT = new LogColumn("_text", Kind.TEXT);
    private static final LogColumn NUMBER = new LogColumn("_number", Kind.NUMBER);

    /** When a fact arrived: the time of the table of facts. */
    public static final LogColumn ARRIVED = new LogColumn("_arrived", Kind.TIME);

    /** The columns of a table of facts, in the order of a row's bytes. */
    public static final List<LogColumn> COLUMNS =
            List.of(ID, KEY, AT, LOOK_BACK, TEXT, NUMBER, ARRIVED);

    private final GrowingTable rows;
    private final GrowingTable facts;
    private final Reading reading;

    /**
     * @param rows whose time is {@code _time}
     * @param facts of {@link #COLUMNS}
     */
    public LateFacts(GrowingTable rows, GrowingTable facts) {
        this.rows = rows;
        this.facts = facts;
        this.reading = new Reading(rows.duckDb());
    }

    /**
     * Which rows.
     *
     * @param from in microseconds since the epoch
     * @param to the moment after the last, in microseconds
     * @param where what must be so besides, in the columns of rows; empty for nothing
     * @param columns that the rows have where there are none
     */
    public record Span(long from, long to, List<Condition> where, List<LogColumn> columns) {
        public Span {
            where = List.copyOf(where);
            columns = List.copyOf(columns);
        }

        String sql() {
            return "epoch_us(_time) >= "
                    + from
                    + " and epoch_us(_time) < "
                    + to
                    + where.stream().map(c -> " and " + c.sql()).collect(Collectors.joining());
        }
    }

    /**
     * A column that must have one of some values.
     *
     * @param values as texts; none: it must be missing
     * @param not whether it must have none of them instead
     */
    public record Condition(String column, List<String> values, boolean not) {
        String sql() {
            String name = DuckDb.name(column);
            String among =
                    values.isEmpty()
                            ? name + " is null"
                            : values.stream()
                                    .map(DuckDb::text)
                                    .collect(
                                            Collectors.joining(
                                                    ", ",
                                                    "cast(" + name + " as varchar) in (",
                                                    ")"));
            return not ? "coalesce(not (" + among + "), true)" : among;
        }
    }

    /**
     * What was joined.
     *
     * @param rows how many
     * @param known of how many something is known
     * @param contradicted of how many facts differ
     * @param medianDelay from row to fact, in microseconds; the nearest rank; 0 where none is known
     * @param p95Delay of 95 % of these at most so much
     */
    public record Joined(
            long rows, long known, long contradicted, long medianDelay, long p95Delay) {}

    /**
     * Writes rows with what is known of them, in the order of their time: their own columns, then
     * {@code _outcome}, {@code _outcome_at}, {@code _outcomes} (how many facts there are) and
     * {@code _contradicted}.
     *
     * @param numeric whether facts are numbers
     * @param out a Parquet file
     */
    public Joined write(Span span, boolean numeric, Path out) {
        return reading.ask(
                asked(span),
                (session, relations) -> {
                    FactJoin.join(session, span, numeric, relations);
                    session.run(ParquetFiles.copy("select * from joined order by _time, _id", out));
                    return FactJoin.joined(session);
                });
    }

    /**
     * Writes rows of which something is known, for training: the first of each id, in the order of
     * their time.
     *
     * @param columns the columns of rows that are wanted, and how they are called then
     * @param target what the fact is called
     */
    public Joined writeKnown(
            Span span, boolean numeric, List<Renamed> columns, String target, Path out) {
        String wanted =
                columns.stream()
                        .map(c -> DuckDb.name(c.from()) + " as " + DuckDb.name(c.to()) + ", ")
                        .collect(Collectors.joining());
        return reading.ask(
                asked(span),
                (session, relations) -> {
                    FactJoin.join(session, span, numeric, relations);
                    session.run(
                            ParquetFiles.copy(
                                    "select "
                                            + wanted
                                            + "_outcome as "
                                            + DuckDb.name(target)
                                            + " from (select distinct on (_id) * from joined where"
                                            + " _outcome is not null order by _id, _time)"
                                            + " order by _time, _id",
                                    out));
                    return FactJoin.joined(session);
                });
    }

    /**
     * The columns that rows of a span have; a type that rows have not is shown as {@link
     * Kind#TEXT}.
     */
    public List<LogColumn> columns(Span span) {
        return reading.ask(
                List.of(new Asked(rows, span.from(), span.to(), span.columns())),
                (session, relations) -> {
                    List<LogColumn> columns = new ArrayList<>();
                    session.each(
                            "describe select * from " + relations.getFirst(),
                            row -> columns.add(LogColumn.of(row.getString(1), row.getString(2))));
                    return columns;
                });
    }

    /** A column, and how it is called elsewhere. */
    public record Renamed(String from, String to) {}

    private List<Asked> asked(Span span) {
        return List.of(
                new Asked(rows, span.from(), Long.MAX_VALUE, span.columns()),
                Asked.all(facts, COLUMNS));
    }

    /**
     * Where spans of a number of rows end.
     *
     * @param rowsEach how many rows a span has, at least
     * @return for each whole span the moment after its last row, in microseconds; rows of one
     *     moment are never parted
     */
    public List<Long> ends(Span span, long rowsEach) {
        return reading.ask(
                List.of(new Asked(rows, span.from(), span.to(), span.columns())),
                (session, relations) -> {
                    List<Long> ends = new ArrayList<>();
                    session.each(
                            "select distinct epoch_us(_time) + 1 as e from (select _time,"
                                    + " row_number() over (order by _time, _id) as n from "
                                    + relations.getFirst()
                                    + " where "
                                    + span.sql()
                                    + ") where n % "
                                    + rowsEach
                                    + " = 0 order by e",
                            row -> ends.add(row.getLong(1)));
                    return ends;
                });
    }

    /**
     * Rows of a part of a span.
     *
     * @param part its number: the time in lengths of a part since the epoch, rounded down
     * @param group the value of the column by which rows are told apart
     */
    public record Part(long part, @Nullable String group, long rows, long failed, long known) {}

    /**
     * Counts rows by parts of a span.
     *
     * @param length of a part, in microseconds
     * @param groupBy a column
     * @param failedWhere a column that is missing in rows that did not fail
     */
    public List<Part> parts(Span span, long length, String groupBy, String failedWhere) {
        return reading.ask(
                asked(span),
                (session, relations) -> {
                    FactJoin.join(session, span, false, relations);
                    List<Part> parts = new ArrayList<>();
                    session.each(
                            "select epoch_us(_time) // "
                                    + length
                                    + " as p, cast("
                                    + DuckDb.name(groupBy)
                                    + " as varchar) as g, count(*), count("
                                    + DuckDb.name(failedWhere)
                                    + "), count(_outcome) from joined group by all order by p, g",
                            row ->
                                    parts.add(
                                            new Part(
                                                    row.getLong(1),
                                                    row.getString(2),
                                                    row.getLong(3),
                                                    row.getLong(4),
                                                    row.getLong(5))));
                    return parts;
                });
    }

    /**
     * The parts of time in which a row has heard a fact since a moment.
     *
     * @param after facts that arrived later than this, in microseconds since the epoch
     * @param length of a part, in microseconds
     * @return their numbers, ascending
     */
    public List<Long> touched(long after, long length, List<LogColumn> columns) {
        return reading.ask(
                List.of(Asked.all(rows, columns), new Asked(facts, after, Long.MAX_VALUE, COLUMNS)),
                (session, relations) -> {
                    FactJoin.matched(
                            session, Long.MIN_VALUE, relations, "epoch_us(_arrived) > " + after);
                    List<Long> parts = new ArrayList<>();
                    session.each(
                            "select distinct epoch_us(_time) // "
                                    + length
                                    + " as p from "
                                    + relations.getFirst()
                                    + " where _id in (select _id from matched) order by p",
                            row -> parts.add(row.getLong(1)));
                    return parts;
                });
    }

    /**
     * Which facts are about no row that there is now.
     *
     * @param from rows are looked for from here on, in microseconds since the epoch
     * @param to and before here
     * @return their places in the list
     */
    public BitSet unmatched(List<Fact> asked, long from, long to, List<LogColumn> columns) {
        return reading.ask(
                List.of(new Asked(rows, from, to, columns)),
                (session, relations) -> {
                    session.run(
                            "create temp table asked(n bigint, _id varchar, _key varchar, _at"
                                    + " timestamp, _look_back_us bigint)");
                    try (DuckDBAppender appender = session.connection().createAppender("asked")) {
                        for (int i = 0; i < asked.size(); i++) {
                            append(appender, i, asked.get(i));
                        }
                    }
                    session.run(
                            "create temp table candidates as select distinct _id, _key, _time from "
                                    + relations.getFirst()
                                    + " where _id in (select _id from asked) or _key in (select"
                                    + " _key from asked)");
                    BitSet unmatched = new BitSet();
                    unmatched.set(0, asked.size());
                    session.each(
                            "select n from asked where _id in (select _id from candidates) union"
                                    + " all select n from asked a asof join candidates c on a._key"
                                    + " = c._key and a._at >= c._time where epoch_us(a._at) -"
                                    + " epoch_us(c._time) <= a._look_back_us and a._id is null",
                            row -> unmatched.clear(Math.toIntExact(row.getLong(1))));
                    return unmatched;
                });
    }

    private static void append(DuckDBAppender appender, int place, Fact fact) throws SQLException {
        appender.beginRow().append((long) place);
        text(appender, fact.id());
        text(appender, fact.key());
        if (fact.at() == RowBytes.MISSING) {
            appender.appendNull();
        } else {
            appender.appendEpochMicros(fact.at());
        }
        appender.append(fact.lookBack()).endRow();
    }

    private static void text(DuckDBAppender appender, @Nullable String text) throws SQLException {
        if (text == null) {
            appender.appendNull();
        } else {
            appender.append(text);
        }
    }

    /**
     * The ids of all rows with a key, up to now.
     *
     * @param key as the rows have it
     */
    public List<String> idsOf(String key, List<LogColumn> columns) {
        return reading.ask(
                List.of(Asked.all(rows, columns)),
                (session, relations) -> {
                    List<String> ids = new ArrayList<>();
                    session.each(
                            "select distinct _id from "
                                    + relations.getFirst()
                                    + " where _key = "
                                    + DuckDb.text(key)
                                    + " order by _id",
                            row -> ids.add(row.getString(1)));
                    return ids;
                });
    }
}

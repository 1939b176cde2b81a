package dev.weir.ml.traffic;

import dev.weir.base.digest.Digest;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;
import dev.weir.store.meta.Times;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** A small model of two inputs and two classes, and what tests ask of its traffic. */
final class TrafficExample {
    static final Instant START = Instant.parse("2026-11-25T10:00:00Z");
    static final Signature SIGNATURE =
            Signature.binary(
                    "income",
                    List.of(
                            new Input.Number("age", 17, 90),
                            new Input.Category("work", List.of("private", "state"))),
                    new Signature.Classes(">50K", "<=50K", 0.5));
    static final Digest MODEL = Digest.ofText("model");
    static final Origin PRIMARY = Origin.of("primary", 3, MODEL, SIGNATURE);
    static final Origin SHADOW = Origin.of("shadow", 4, Digest.ofText("other"), SIGNATURE);
    static final ThreadFactory THREADS = Thread.ofPlatform().daemon().factory();

    private TrafficExample() {}

    /** A clock that a test sets. */
    static final class SetClock extends Clock {
        private volatile Instant now = START;

        void set(Instant instant) {
            now = instant;
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    static DuckDb duckDb(Path folder) {
        return new DuckDb(folder.resolve("scratch"), 1, 512L << 20);
    }

    static long micros(Instant instant) {
        return Times.micros(instant);
    }

    /** One row. */
    static Entry entry(
            String id,
            Instant at,
            Origin origin,
            @Nullable String key,
            double age,
            @Nullable String work,
            float score) {
        return new Entry(
                id,
                micros(at),
                origin,
                key,
                1.0,
                List.of(
                        new Columns.Numbers(new double[] {age}),
                        new Columns.Texts(new @Nullable String[] {work})),
                new float[] {score},
                1500,
                null);
    }

    /** Rows of a Parquet file, each as its values in text with a bar between them. */
    static List<String> rows(Path parquet, String columns) {
        return ask(
                parquet,
                "select concat_ws('|', "
                        + columns.replaceAll("([^,]+)", "coalesce(cast($1 as varchar), '-')")
                        + ") from ");
    }

    static List<String> ask(Path parquet, String select) {
        List<String> rows = new ArrayList<>();
        try (DuckDb.Session session =
                new DuckDb(parquet.resolveSibling("ask"), 1, 256L << 20).open()) {
            session.each(
                    select + DuckDb.parquet(parquet, false), row -> rows.add(row.getString(1)));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return rows;
    }
}

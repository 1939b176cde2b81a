package dev.weir.stage.deploy;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.Signature;
import dev.weir.ml.traffic.Origin;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A model version that is open. It is closed when whoever opened it has let go and the last request
 * that it answers is done.
 */
final class LiveVersion {
    private static final System.Logger LOG = System.getLogger(LiveVersion.class.getName());

    /** Places for single rows that are kept; one that finds none free makes another. */
    private static final int KEPT_ROWS = 16;

    /** The first calls run slower than all others: they say nothing of what a row costs. */
    private static final int PROBES = 20;

    private final Placed placed;
    private final Digest content;
    private final Scorer scorer;
    private final AtomicReferenceArray<Scorer.SingleRow> rows =
            new AtomicReferenceArray<>(KEPT_ROWS);

    /** Who opened it, and each request that it answers; at zero it is closed. */
    private final AtomicInteger users = new AtomicInteger(1);

    /** Written by whoever measured last: a measure, not a sum. */
    private volatile double nanosPerRow;

    private LiveVersion(Placed placed, OpenedModel model) {
        this.placed = placed;
        this.content = model.content();
        this.scorer = model.scorer();
    }

    /**
     * Takes a model into service: it answers a real prediction before this returns.
     *
     * @param model closed with it
     * @throws dev.weir.base.problem.ProblemException where the model cannot answer
     */
    static LiveVersion open(Placed placed, OpenedModel model) {
        LiveVersion version = new LiveVersion(placed, model);
        try {
            Rows example = example(version.signature());
            version.score(example);
            for (int i = 0; i < PROBES; i++) {
                long before = System.nanoTime();
                version.score(example);
                long nanos = System.nanoTime() - before;
                version.nanosPerRow = i == 0 ? nanos : Math.min(nanos, version.nanosPerRow);
                if (nanos > 20_000_000) {
                    break; // known to be slow, and no need to wait for it twenty times
                }
            }
            return version;
        } catch (RuntimeException e) {
            version.letGo();
            throw e;
        }
    }

    /** A row that training might have seen. */
    private static Rows example(Signature signature) {
        List<Columns.Column> columns = new ArrayList<>();
        for (Input input : signature.inputs()) {
            columns.add(
                    switch (input) {
                        case Input.Number number ->
                                new Columns.Numbers(
                                        new double[] {number.min() / 2 + number.max() / 2});
                        case Input.Moment _ -> new Columns.Numbers(new double[] {0});
                        case Input.Category category ->
                                new Columns.Texts(
                                        new String[] {
                                            category.categories().isEmpty()
                                                    ? ""
                                                    : category.categories().getFirst()
                                        });
                        case Input.Text _ -> new Columns.Texts(new String[] {"weir"});
                    });
        }
        return new Rows(signature, 1, columns);
    }

    Placed placed() {
        return placed;
    }

    /** How its predictions are marked in the log. */
    Origin origin(Role role) {
        return Origin.of(role.word(), placed.version(), content, signature());
    }

    Signature signature() {
        return scorer.signature();
    }

    /** What a row costs, in nanoseconds, as far as it is known. */
    double nanosPerRow() {
        return nanosPerRow;
    }

    /** Holds it open for one request; false where it is closed or about to be. */
    boolean hold() {
        int now = users.get();
        while (now > 0) {
            if (users.compareAndSet(now, now + 1)) {
                return true;
            }
            now = users.get();
        }
        return false;
    }

    /** Ends a {@link #hold}, or the opening. */
    void letGo() {
        if (users.decrementAndGet() == 0) {
            for (int i = 0; i < KEPT_ROWS; i++) {
                Scorer.SingleRow row = rows.getAndSet(i, null);
                if (row != null) {
                    row.close();
                }
            }
            Thread.ofVirtual().name("close-" + placed).start(this::close);
        }
    }

    /** By a thread of its own: a program takes seconds to end, and nobody waits for it. */
    private void close() {
        try {
            scorer.close();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, placed + " was not closed as it should be", e);
        }
    }

    /**
     * Scores rows of its own signature, while it is held.
     *
     * @return rows x width
     * @throws dev.weir.base.problem.ProblemException where the model fails, or says what is no
     *     number
     */
    float[] score(Rows request) {
        float[] scores = scored(request);
        for (float score : scores) {
            if (!Float.isFinite(score)) {
                throw Problem.step(
                                "model.not-finite",
                                placed + " says " + score + " (expected: a finite number)")
                        .exception();
            }
        }
        return scores;
    }

    private float[] scored(Rows request) {
        if (request.count() > 1) {
            long before = System.nanoTime();
            float[] scores = scorer.score(request.byName());
            nanosPerRow = (System.nanoTime() - before) / (double) request.count();
            return scores;
        }
        Scorer.SingleRow row = takeRow();
        try {
            List<Columns.Column> columns = request.columns();
            for (int i = 0; i < columns.size(); i++) {
                switch (columns.get(i)) {
                    case Columns.Numbers numbers -> row.set(i, numbers.values()[0]);
                    case Columns.Texts texts -> row.set(i, texts.values()[0]);
                }
            }
            return row.scores();
        } finally {
            keepRow(row);
        }
    }

    private static int firstPlace() {
        long id = Thread.currentThread().threadId();
        return (int) (id ^ id >>> 4) & KEPT_ROWS - 1;
    }

    private Scorer.SingleRow takeRow() {
        int first = firstPlace();
        for (int i = 0; i < KEPT_ROWS; i++) {
            int place = first + i & KEPT_ROWS - 1;
            if (rows.getPlain(place) != null) {
                Scorer.SingleRow row = rows.getAndSet(place, null);
                if (row != null) {
                    return row;
                }
            }
        }
        return scorer.singleRow();
    }

    private void keepRow(Scorer.SingleRow row) {
        int first = firstPlace();
        for (int i = 0; i < KEPT_ROWS; i++) {
            if (rows.compareAndSet(first + i & KEPT_ROWS - 1, null, row)) {
                return;
            }
        }
        row.close();
    }
}

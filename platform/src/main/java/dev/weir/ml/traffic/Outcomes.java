package dev.weir.ml.traffic;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Findings;
import dev.weir.ml.data.log.Fact;
import dev.weir.ml.data.log.GrowingTable;
import dev.weir.ml.data.log.LateFacts;
import dev.weir.ml.data.log.Layout;
import dev.weir.ml.data.log.RowBytes;
import dev.weir.ml.data.log.SegmentWriter;
import dev.weir.ml.model.Signature;
import dev.weir.store.meta.Times;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes outcomes of an endpoint's predictions. All are kept: one that comes twice, one that
 * contradicts an earlier one (the last to arrive counts), and one whose prediction is not known,
 * which waits for it. What {@link #add} answered survives a power cut.
 */
public final class Outcomes implements AutoCloseable {
    private static final Duration SEGMENT_AGE = Duration.ofHours(1);
    private static final long SEGMENT_BYTES = 64L << 20;

    private final Windows windows;
    private final GrowingTable table;
    private final LateFacts facts;
    private final Pseudonyms pseudonyms;
    private final Clock clock;

    /** Guards the segment, the order of arrivals, and the pseudonyms. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable SegmentWriter segment;
    private Instant begun = Instant.EPOCH;
    private long lastArrival = Long.MIN_VALUE;

    Outcomes(
            Windows windows,
            GrowingTable table,
            LateFacts facts,
            Pseudonyms pseudonyms,
            Clock clock) {
        this.windows = windows;
        this.table = table;
        this.facts = facts;
        this.pseudonyms = pseudonyms;
        this.clock = clock;
    }

    /**
     * What became of outcomes.
     *
     * @param rows how many were taken: all that have a value
     * @param valueless how many have none, and were passed over
     * @param matched of how many that were taken the prediction is known
     * @param waiting the rows, from 1, whose prediction is not known; they are kept, and joined
     *     once it is
     */
    public record Added(long rows, long valueless, long matched, List<Integer> waiting) {
        public Added {
            waiting = List.copyOf(waiting);
        }
    }

    /**
     * Takes outcomes, all or none.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) where a value is none that the task
     *     knows, or a row names neither an id nor a key with a time; says which rows
     */
    public Added add(List<Outcome> outcomes) {
        Signature signature = windows.signature();
        Truths truths = new Truths(signature);
        Findings findings = new Findings();
        List<Fact> added = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        lock.lock();
        try {
            for (int row = 1; row <= outcomes.size(); row++) {
                String value = outcomes.get(row - 1).value();
                if (value != null) {
                    fact(outcomes.get(row - 1), value, row, truths, findings, added);
                    numbers.add(row);
                }
            }
            findings.refuse();
            if (added.isEmpty()) {
                return new Added(0, outcomes.size(), 0, List.of());
            }
            write(added);
        } catch (IOException e) {
            throw Problem.step("outcomes.write", "outcomes cannot be written: " + e.getMessage())
                    .exception(e);
        } finally {
            lock.unlock();
        }
        BitSet unmatched = unmatched(added, signature);
        return new Added(
                added.size(),
                outcomes.size() - added.size(),
                added.size() - unmatched.cardinality(),
                unmatched.stream().mapToObj(numbers::get).toList());
    }

    private void fact(
            Outcome outcome,
            String value,
            int row,
            Truths truths,
            Findings findings,
            List<Fact> into) {
        String truth = truths.read(value, row, findings);
        String id = outcome.predictionId();
        String key = outcome.key();
        Instant at = outcome.at();
        if ((id == null) == (key == null) || (key == null) != (at == null)) {
            findings.add(
                    Problem.input(
                            "outcomes.which",
                            "row "
                                    + row
                                    + ": "
                                    + (id == null ? "no prediction_id" : "a prediction_id")
                                    + (key == null ? ", no key" : ", a key")
                                    + (at == null ? ", no time" : ", a time")
                                    + " (expected: a prediction_id, or a key with a time)"));
            return;
        }
        into.add(
                new Fact(
                        id,
                        key == null ? null : pseudonyms.of(key),
                        at == null ? RowBytes.MISSING : Times.micros(at),
                        Window.micros(outcome.lookBack()),
                        truth,
                        truths.number(truth)));
    }

    private void write(List<Fact> added) throws IOException {
        SegmentWriter to = segment;
        if (to == null) {
            to = table.begin();
            to.layout(0, new Layout(List.of(), LateFacts.COLUMNS));
            segment = to;
            begun = clock.instant();
        }
        MemorySegment bytes = MemorySegment.ofArray(new byte[1 << 10]);
        try {
            for (Fact fact : added) {
                long most =
                        64L
                                + RowBytes.most(fact.id())
                                + RowBytes.most(fact.key())
                                + RowBytes.most(fact.text());
                if (bytes.byteSize() < most) {
                    bytes = MemorySegment.ofArray(new byte[Math.toIntExact(2 * most)]);
                }
                lastArrival = Math.max(lastArrival + 1, Times.micros(clock.instant()));
                long next = RowBytes.layout(bytes, 0, 0);
                next = RowBytes.text(bytes, next, fact.id());
                next = RowBytes.text(bytes, next, fact.key());
                next = RowBytes.whole(bytes, next, fact.at());
                next = RowBytes.whole(bytes, next, fact.lookBack());
                next = RowBytes.text(bytes, next, fact.text());
                next = RowBytes.number(bytes, next, fact.number());
                next = RowBytes.whole(bytes, next, lastArrival);
                to.row(bytes, 0, (int) next);
            }
            to.sync();
        } catch (IOException e) {
            end(); // what reached the file is kept: to bring it again changes nothing
            throw e;
        }
        if (to.size() >= SEGMENT_BYTES) {
            end();
        }
    }

    private void end() throws IOException {
        SegmentWriter open = segment;
        segment = null;
        if (open != null) {
            open.close();
        }
    }

    /**
     * Rows lie near the time that their ids say; a day is more than clocks differ. An id that was
     * never given is not looked for.
     */
    private BitSet unmatched(List<Fact> added, Signature signature) {
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        long slack = Window.micros(Duration.ofDays(1));
        for (Fact fact : added) {
            long near = fact.at();
            String id = fact.id();
            if (id != null) {
                near = PredictionId.micros(id).orElse(Long.MAX_VALUE);
            }
            if (near != Long.MAX_VALUE) {
                from = Math.min(from, near - Math.max(slack, fact.lookBack()));
                to = Math.max(to, near + slack);
            }
        }
        return facts.unmatched(added, from, to, Windows.columns(signature));
    }

    /** Ends a segment that is old, and makes Parquet of what can be. */
    void upkeep(Duration keep) {
        lock.lock();
        try {
            if (segment != null && begun.plus(SEGMENT_AGE).isBefore(clock.instant())) {
                end();
            }
        } catch (IOException e) {
            throw Problem.step("outcomes.write", "outcomes cannot be written: " + e.getMessage())
                    .exception(e);
        } finally {
            lock.unlock();
        }
        table.compact();
        table.forget(clock.instant().minus(keep));
    }

    /** Ends what was written, and makes Parquet of it. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (segment == null) {
                return;
            }
            end();
        } catch (IOException e) {
            throw Problem.step("outcomes.write", "outcomes cannot be written: " + e.getMessage())
                    .exception(e);
        } finally {
            lock.unlock();
        }
        table.compact();
    }
}

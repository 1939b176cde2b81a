package dev.weir.stage.deploy.rollout.evidence;

import dev.weir.ml.stats.sequential.LogHistogram;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes down what requests did while a rollout is under way, from many threads, without a lock and
 * in well under a microsecond a request. A server has one for each window (rollout and step) that
 * its routes name, and writes what {@link #drain} gives.
 */
public final class EvidenceRecorder {
    private final Variant primary = new Variant();
    private final Variant candidate = new Variant();
    private final LongAdder compared = new LongAdder();
    private final LongAdder disagreed = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LogHistogram.Recording distance = new LogHistogram.Recording();

    /** One side of the window. */
    public static final class Variant {
        private final LongAdder requests = new LongAdder();
        private final ConcurrentHashMap<String, LongAdder> errors = new ConcurrentHashMap<>();
        private final LogHistogram.Recording latency = new LogHistogram.Recording();
        private final LogHistogram.Recording scores = new LogHistogram.Recording();
        private final ConcurrentHashMap<String, LongAdder> labels = new ConcurrentHashMap<>();
        private final LongAdder known = new LongAdder();
        private final LongAdder wrong = new LongAdder();

        private Variant() {}

        /** A request was answered. */
        public void answered(long latencyNanos) {
            requests.increment();
            latency.add(latencyNanos / 1e9);
        }

        /**
         * A request failed by the variant's own fault.
         *
         * @param code one of few: {@code 500}, {@code timeout}
         */
        public void failed(String code) {
            requests.increment();
            errors.computeIfAbsent(code, key -> new LongAdder()).increment();
        }

        /** A row was scored: the probability of the positive class, or the predicted number. */
        public void predicted(double score) {
            scores.add(score);
        }

        /** A row was given one of many classes. */
        public void predicted(String label) {
            labels.computeIfAbsent(label, key -> new LongAdder()).increment();
        }

        /** The truth of a prediction is known. */
        public void outcome(boolean right) {
            known.increment();
            if (!right) {
                wrong.increment();
            }
        }

        /** Requests last: so never fewer of them than of their errors and latencies. */
        private VariantEvidence drain() {
            SortedMap<String, Long> failed = drained(errors);
            LogHistogram took = latency.drain();
            long mistaken = wrong.sumThenReset();
            return new VariantEvidence(
                    requests.sumThenReset(),
                    failed,
                    took,
                    scores.drain(),
                    drained(labels),
                    new Outcomes(known.sumThenReset(), mistaken));
        }

        private static SortedMap<String, Long> drained(
                ConcurrentHashMap<String, LongAdder> counters) {
            SortedMap<String, Long> counts = new TreeMap<>();
            counters.forEach(
                    (key, counter) -> {
                        long count = counter.sumThenReset();
                        if (count > 0) {
                            counts.put(key, count);
                        }
                    });
            return counts;
        }
    }

    /** The version in production. */
    public Variant primary() {
        return primary;
    }

    /** The version that is to take over. */
    public Variant candidate() {
        return candidate;
    }

    /** A shadow's answer was held beside the primary's. */
    public void compared(boolean agrees, double scoreDistance) {
        compared.increment();
        if (!agrees) {
            disagreed.increment();
        }
        distance.add(scoreDistance);
    }

    /** A copy was dropped, since the shadow's queue was full. */
    public void dropped() {
        dropped.increment();
    }

    /**
     * What was taken down since the last call. A request that is being taken down at this moment
     * may have its parts in two drains; none is lost or counted twice.
     */
    public Evidence drain() {
        long differ = disagreed.sumThenReset();
        return new Evidence(
                primary.drain(),
                candidate.drain(),
                new Comparison(
                        compared.sumThenReset(), differ, dropped.sumThenReset(), distance.drain()));
    }
}

package dev.weir.stage.deploy;

import dev.weir.ml.traffic.Entry;
import dev.weir.ml.traffic.Origin;
import dev.weir.ml.traffic.PredictionLog;
import dev.weir.stage.deploy.rollout.Route;
import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.stage.deploy.rollout.evidence.EvidenceRecorder;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * What is behind an endpoint at one moment, open: immutable.
 *
 * @param canary answers those requests that {@link Route.Live#takes}, if there is one
 * @param shadow hears a copy, if there is one
 * @param evidence where requests are taken down while a rollout is under way
 * @param log where predictions are kept
 * @param admission the endpoint's, whatever is behind it
 */
record LiveRoute(
        Route route,
        EndpointSettings settings,
        Variant primary,
        @Nullable Variant canary,
        @Nullable Shadow shadow,
        @Nullable Window evidence,
        PredictionLog log,
        Admission admission) {
    private static final double ALL = 100;
    private static final float[] NOTHING = {};

    /** A version in a role, and what is counted of it. */
    record Variant(LiveVersion version, Role role, Origin origin, Meter meter) {
        Variant(LiveVersion version, Role role) {
            this(version, role, version.origin(role), new Meter());
        }
    }

    /**
     * What is taken down of one step of a rollout.
     *
     * @param unwritten what was taken out of the recorder and could not be written down
     */
    record Window(
            String rollout,
            int step,
            EvidenceRecorder recorder,
            AtomicReference<Evidence> unwritten) {
        /** What is to be written down now. */
        Evidence take() {
            return unwritten.getAndSet(Evidence.NONE).plus(recorder.drain());
        }

        /** It could not be written; the next {@link #take} has it. */
        void giveBack(Evidence evidence) {
            unwritten.accumulateAndGet(evidence, Evidence::plus);
        }
    }

    String endpoint() {
        return route.endpoint();
    }

    /**
     * Who answers a request.
     *
     * @param key what goes to the same version; of a request by itself, its own id
     */
    Variant chosen(String key) {
        return canary != null && route.live().isPresent() && route.live().get().takes(key)
                ? canary
                : primary;
    }

    /** The probability with which a request met the variant that answered it. */
    double propensity(Role role) {
        double share = canary == null ? 0 : route.live().map(Route.Live::percent).orElse(0.0) / ALL;
        return role == Role.CANARY ? share : 1 - share;
    }

    /** The variant of this version that answers, if one does. */
    @Nullable Variant pinned(long version) {
        return Stream.of(primary, canary)
                .filter(Objects::nonNull)
                .filter(v -> v.version().placed().version() == version)
                .findFirst()
                .orElse(null);
    }

    /** Keeps that a variant failed at rows. */
    void keepFailure(
            Origin origin,
            Rows rows,
            String id,
            @Nullable String key,
            double propensity,
            long micros,
            long nanos,
            String code) {
        log.offer(
                new Entry(
                        id, micros, origin, key, propensity, rows.columns(), NOTHING, nanos, code));
    }

    /** Keeps a prediction of a variant, as far as there is room: never waits. */
    void keep(
            Origin origin,
            Rows rows,
            Prediction prediction,
            @Nullable String key,
            double propensity,
            long micros,
            long nanos) {
        log.offer(
                new Entry(
                        prediction.id(),
                        micros,
                        origin,
                        key,
                        propensity,
                        rows.columns(),
                        prediction.outputs(),
                        nanos,
                        null));
    }
}

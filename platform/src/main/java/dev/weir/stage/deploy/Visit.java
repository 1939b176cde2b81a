package dev.weir.stage.deploy;

import dev.weir.base.problem.ProblemException;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;
import dev.weir.ml.traffic.Keys;
import dev.weir.stage.deploy.rollout.evidence.EvidenceRecorder;
import dev.weir.stage.deploy.rollout.plan.SplitKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** One request at an endpoint, from the moment it is let in until it is closed. For one thread. */
public final class Visit implements AutoCloseable {
    private final LiveEndpoints endpoints;
    private final Admission admission;
    private final @Nullable Long pinned;
    private LiveRoute route;

    Visit(LiveEndpoints endpoints, LiveRoute route, @Nullable Long pinned) {
        this.endpoints = endpoints;
        this.route = route;
        this.admission = route.admission();
        this.pinned = pinned;
        admission.enter(route.endpoint(), route.settings().mostRequests());
    }

    /** How the endpoint is served. */
    public EndpointSettings settings() {
        return route.settings();
    }

    /** What a request's rows look like. */
    public Signature signature() {
        return (pinned == null ? route.primary() : variant(route, "")).version().signature();
    }

    private LiveRoute.Variant variant(LiveRoute in, String key) {
        if (pinned == null) {
            return in.chosen(key);
        }
        LiveRoute.Variant variant = in.pinned(pinned);
        if (variant == null) {
            throw endpoints.unknownVersion(in.endpoint(), pinned);
        }
        return variant;
    }

    /**
     * Answers.
     *
     * @param header what the header says that decides who meets a new version, if it was sent
     * @throws ProblemException where the model fails (STEP), or no turn came ({@code
     *     endpoint.busy})
     */
    public Prediction predict(Rows rows, @Nullable String header) {
        String id = endpoints.nextId();
        String key = key(rows, header);
        boolean slow =
                admission.turn(
                        route.endpoint(),
                        variant(route, key == null ? id : key).version().nanosPerRow()
                                * rows.count(),
                        route.settings().mostWaiting());
        try {
            return answered(rows, key, id);
        } finally {
            if (slow) {
                admission.done();
            }
        }
    }

    /** By the route of this moment: since the request came in, a version may be taken back. */
    private Prediction answered(Rows rows, @Nullable String key, String id) {
        while (true) {
            route = endpoints.route(route.endpoint());
            LiveRoute.Variant variant = variant(route, key == null ? id : key);
            if (variant.version().hold()) {
                try {
                    return answered(variant, rows, key, id);
                } finally {
                    variant.version().letGo();
                }
            }
        }
    }

    private Prediction answered(
            LiveRoute.Variant variant, Rows asked, @Nullable String key, String id) {
        LiveVersion version = variant.version();
        Rows rows =
                asked.signature() == version.signature() ? asked : asked.as(version.signature());
        long micros = endpoints.nowMicros();
        long before = System.nanoTime();
        try {
            float[] outputs = version.score(rows);
            long nanos = System.nanoTime() - before;
            Prediction prediction =
                    new Prediction(
                            id,
                            version.placed().version(),
                            variant.role(),
                            version.signature(),
                            rows.count(),
                            outputs);
            told(variant, rows, prediction, key, micros, nanos);
            return prediction;
        } catch (RuntimeException e) { // whatever it was, the version failed at this request
            variant.meter().failed();
            EvidenceRecorder.Variant evidence = evidence(variant);
            if (evidence != null) {
                evidence.failed("500");
            }
            route.keepFailure(
                    variant.origin(),
                    rows,
                    id,
                    key,
                    propensity(variant),
                    micros,
                    System.nanoTime() - before,
                    e instanceof ProblemException problem
                            ? problem.problems().getFirst().code()
                            : "defect");
            throw e;
        }
    }

    private double propensity(LiveRoute.Variant variant) {
        return pinned == null ? route.propensity(variant.role()) : 1;
    }

    private void told(
            LiveRoute.Variant variant,
            Rows rows,
            Prediction prediction,
            @Nullable String key,
            long micros,
            long nanos) {
        variant.meter().answered(nanos, rows.count());
        route.keep(variant.origin(), rows, prediction, key, propensity(variant), micros, nanos);
        EvidenceRecorder.Variant evidence = evidence(variant);
        if (evidence != null) {
            Testimony.answered(evidence, prediction, nanos);
        }
        Shadow shadow = route.shadow();
        if (shadow != null && variant.role() == Role.PRIMARY) {
            shadow.hear(route, rows, prediction, key, micros);
        }
    }

    /** A request that names its version says nothing of how the split fares. */
    private EvidenceRecorder.@Nullable Variant evidence(LiveRoute.Variant variant) {
        LiveRoute.Window window = route.evidence();
        if (window == null || pinned != null) {
            return null;
        }
        return variant.role() == Role.CANARY
                ? window.recorder().candidate()
                : window.recorder().primary();
    }

    /** What the split goes by: of many rows the first one's. */
    private @Nullable String key(Rows rows, @Nullable String header) {
        return switch (settings().key()) {
            case SplitKey.Request() -> null;
            case SplitKey.Header(String _) -> header;
            case SplitKey.Field(String name) -> {
                List<Input> inputs = rows.signature().inputs();
                int place = 0;
                while (place < inputs.size() && !inputs.get(place).name().equals(name)) {
                    place++;
                }
                yield place == inputs.size()
                        ? null
                        : switch (rows.columns().get(place)) {
                            case Columns.Numbers numbers -> Keys.text(numbers.values()[0]);
                            case Columns.Texts texts -> texts.values()[0];
                        };
            }
        };
    }

    @Override
    public void close() {
        admission.leave();
    }
}

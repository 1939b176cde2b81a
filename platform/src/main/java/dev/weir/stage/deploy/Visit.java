package dev.weir.stage.deploy;

import dev.weir.base.problem.ProblemException;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** One request at an endpoint, from the moment it is let in until it is closed. For one thread. */
public final class Visit implements AutoCloseable {
    private final LiveEndpoints endpoints;
    private final Admission admission;
    private final @Nullable Long pinned;
    private Route route;

    Visit(LiveEndpoints endpoints, Route route, @Nullable Long pinned) {
        this.endpoints = endpoints;
        this.route = route;
        this.admission = route.admission();
        this.pinned = pinned;
        admission.enter(route.deployment().endpoint(), settings().mostRequests());
    }

    /** How the endpoint is served. */
    public EndpointSettings settings() {
        return route.deployment().settings();
    }

    /** What a request's rows look like. */
    public Signature signature() {
        return variant(route, null).version().signature();
    }

    private Route.Variant variant(Route in, @Nullable String key) {
        if (pinned == null) {
            return key == null && in.canary() == null ? in.primary() : in.chosen(key);
        }
        Route.Variant variant = in.pinned(pinned);
        if (variant == null) {
            throw endpoints.unknownVersion(in.deployment().endpoint(), pinned);
        }
        return variant;
    }

    /**
     * Answers.
     *
     * @param header what the header says that decides who meets the canary, if it was sent
     * @throws ProblemException where the model fails (STEP), or no turn came ({@code
     *     endpoint.busy})
     */
    public Prediction predict(Rows rows, @Nullable String header) {
        String key = key(rows, header);
        Route.Variant variant = variant(route, key);
        while (!variant.version().hold()) { // it was replaced since this request came in
            route = endpoints.route(route.deployment().endpoint());
            variant = variant(route, key);
        }
        try {
            return answered(variant, rows, key);
        } finally {
            variant.version().letGo();
        }
    }

    private Prediction answered(Route.Variant variant, Rows asked, @Nullable String key) {
        LiveVersion version = variant.version();
        String endpoint = route.deployment().endpoint();
        Rows rows =
                asked.signature() == version.signature() ? asked : asked.as(version.signature());
        boolean slow = admission.turn(endpoint, version.nanosPerRow() * rows.count());
        long before = System.nanoTime();
        try {
            float[] outputs = version.score(rows);
            long nanos = System.nanoTime() - before;
            variant.meter().answered(nanos, rows.count());
            Prediction prediction =
                    new Prediction(
                            endpoints.nextId(),
                            version.placed().version(),
                            variant.role(),
                            version.signature(),
                            rows.count(),
                            outputs);
            endpoints
                    .witness()
                    .answered(
                            endpoint,
                            version.placed(),
                            rows,
                            prediction,
                            key,
                            pinned == null ? route.propensity(variant.role()) : 1,
                            nanos);
            Shadow shadow = route.shadow();
            if (shadow != null && variant.role() == Role.PRIMARY) {
                shadow.hear(rows, prediction);
            }
            return prediction;
        } catch (ProblemException e) {
            variant.meter().failed();
            endpoints
                    .witness()
                    .failed(endpoint, version.placed(), variant.role(), System.nanoTime() - before);
            throw e;
        } finally {
            if (slow) {
                admission.done();
            }
        }
    }

    /** What the split goes by: of many rows the first one's. */
    private @Nullable String key(Rows rows, @Nullable String header) {
        EndpointSettings settings = settings();
        if (settings.keyHeader() != null) {
            return header;
        }
        if (settings.keyColumn() == null) {
            return null;
        }
        List<Input> inputs = rows.signature().inputs();
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).name().equals(settings.keyColumn())) {
                return switch (rows.columns().get(i)) {
                    case Columns.Numbers numbers -> Double.toString(numbers.values()[0]);
                    case Columns.Texts texts -> texts.values()[0];
                };
            }
        }
        return null;
    }

    @Override
    public void close() {
        admission.leave();
    }
}

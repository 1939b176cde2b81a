package dev.weir.stage.deploy;

import dev.weir.ml.model.Signature;
import dev.weir.ml.traffic.LogHealth;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * How an endpoint stands.
 *
 * @param ready whether it answers
 * @param signature what clients send and get; null while it does not answer
 * @param variants what is behind it
 * @param inFlight requests on their way
 * @param waiting those of them that wait for a processor
 * @param refused requests that were too many
 * @param log how the log of its predictions fares; null while it does not answer
 * @param failures of versions that should be there and cannot be opened
 */
public record EndpointState(
        String endpoint,
        boolean ready,
        @Nullable Signature signature,
        List<VariantState> variants,
        int inFlight,
        int waiting,
        long refused,
        @Nullable LogHealth log,
        List<String> failures) {

    /**
     * How a variant stands.
     *
     * @param share of the requests that it answers
     * @param dropped copies that a shadow did not hear
     * @param mismatched rows to which a shadow gave another label
     */
    public record VariantState(
            long version,
            Role role,
            double share,
            Meter.Reading reading,
            long dropped,
            long mismatched) {}

    static EndpointState of(
            String endpoint,
            @Nullable LiveRoute route,
            @Nullable LogHealth log,
            List<String> failures) {
        if (route == null) {
            return new EndpointState(endpoint, false, null, List.of(), 0, 0, 0, log, failures);
        }
        List<VariantState> variants = new ArrayList<>();
        variants.add(state(route, route.primary()));
        if (route.canary() != null) {
            variants.add(state(route, route.canary()));
        }
        Shadow shadow = route.shadow();
        if (shadow != null) {
            variants.add(
                    new VariantState(
                            shadow.version().placed().version(),
                            Role.SHADOW,
                            0,
                            shadow.meter().reading(),
                            shadow.dropped(),
                            shadow.mismatched()));
        }
        return new EndpointState(
                endpoint,
                true,
                route.primary().version().signature(),
                variants,
                route.admission().inFlight(),
                route.admission().waiting(),
                route.admission().refused(),
                log,
                failures);
    }

    private static VariantState state(LiveRoute route, LiveRoute.Variant variant) {
        return new VariantState(
                variant.version().placed().version(),
                variant.role(),
                route.propensity(variant.role()),
                variant.meter().reading(),
                0,
                0);
    }
}

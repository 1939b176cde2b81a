package dev.weir.stage.deploy;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * What is behind an endpoint at one moment: immutable.
 *
 * @param canary answers {@link Deployment.Canary#share} of the requests, if there is one
 * @param shadow hears a copy, if there is one
 * @param warm stays open, if there is one
 * @param admission the endpoint's, whatever is behind it
 */
record Route(
        Deployment deployment,
        Variant primary,
        @Nullable Variant canary,
        @Nullable Shadow shadow,
        @Nullable LiveVersion warm,
        Admission admission) {

    /** A version in a role, and what is counted of it. */
    record Variant(LiveVersion version, Role role, Meter meter) {}

    /** Who answers whom of this key; without a key, chance decides for this request alone. */
    Variant chosen(@Nullable String key) {
        Deployment.Canary split = deployment.canary();
        if (canary == null || split == null) {
            return primary;
        }
        double place =
                key == null
                        ? ThreadLocalRandom.current().nextDouble()
                        : Split.place(split.salt(), key);
        return place < split.share() ? canary : primary;
    }

    /** The probability with which a request met the variant that answered it. */
    double propensity(Role role) {
        Deployment.Canary split = deployment.canary();
        double share = canary == null || split == null ? 0 : split.share();
        return role == Role.CANARY ? share : 1 - share;
    }

    /** The variant of this version that answers, if one does. */
    @Nullable Variant pinned(long version) {
        return Stream.of(primary, canary)
                .filter(v -> v != null && v.version().placed().version() == version)
                .findFirst()
                .orElse(null);
    }
}

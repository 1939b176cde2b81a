package dev.weir.stage.deploy;

import dev.weir.base.digest.Digest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What is to be behind an endpoint now.
 *
 * @param endpoint its name, unique in its workspace
 * @param model the registered model
 * @param primary the version that answers
 * @param canary the version that answers a share, if there is one
 * @param shadow the version that hears a copy and answers nobody, if there is one
 * @param warm the version that stays open, ready to come back, if there is one
 * @param settings how it is served
 */
public record Deployment(
        String endpoint,
        String model,
        Placed primary,
        @Nullable Canary canary,
        @Nullable Placed shadow,
        @Nullable Placed warm,
        EndpointSettings settings) {

    /**
     * A version in its place.
     *
     * @param content the model's folder in the store
     */
    public record Placed(long version, Digest content) {}

    /**
     * A version that answers a share of the requests.
     *
     * @param share from 0 to 1
     * @param salt what makes the split of this rollout another than that of the one before
     */
    public record Canary(Placed placed, double share, String salt) {
        public Canary {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("share: " + share + " (expected: 0 to 1)");
            }
        }
    }

    /** Every version that must be open. */
    List<Placed> all() {
        List<Placed> all = new ArrayList<>();
        all.add(primary);
        if (canary != null) {
            all.add(canary.placed());
        }
        if (shadow != null) {
            all.add(shadow);
        }
        if (warm != null) {
            all.add(warm);
        }
        return all;
    }
}

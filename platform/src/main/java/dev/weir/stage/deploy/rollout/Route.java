package dev.weir.stage.deploy.rollout;

import dev.weir.stage.deploy.rollout.plan.Deployment;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * How an endpoint's requests are to be answered now; what servers make their snapshot of.
 *
 * @param primary the version that answers; null where there is none yet
 * @param warm a version to keep loaded; null where there is none
 * @param deployment its split key, and the settings of the pipeline file that serving reads
 * @param live the rollout that is under way
 */
public record Route(
        String endpoint,
        String model,
        @Nullable Long primary,
        @Nullable Long warm,
        Deployment deployment,
        Optional<Live> live) {
    /** What the new version of a rollout is given. */
    public enum Mode {
        /** To be loaded, without traffic. */
        PREPARED,
        /** Copies of requests. */
        SHADOW,
        /** A share of the requests. */
        SPLIT
    }

    /**
     * The part of a rollout that routing needs.
     *
     * @param rollout its id: with {@code step}, the window that evidence belongs to
     * @param version that is to take over
     * @param percent of the requests that it answers, 0 to 100
     */
    public record Live(String rollout, int step, long version, Mode mode, double percent) {
        private static final double BUCKETS = 1L << 53;

        /**
         * Whether the new version answers the request of this key. The same key gets the same
         * answer on every server, and one that went to it at 5 % does so at 25 %.
         *
         * @param key what is sticky: a header's or field's value, or the request's own id
         */
        public boolean takes(String key) {
            return mode == Mode.SPLIT && (percent >= 100 || share(key) * 100 < percent);
        }

        /** From 0 to 1: FNV-1a over rollout and key, finished as SplitMix64 is. */
        private double share(String key) {
            long hash = 0xcbf29ce484222325L;
            hash = mixed(hash, rollout);
            hash = mixed(hash, key);
            hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
            hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
            return ((hash ^ (hash >>> 31)) >>> 11) / BUCKETS;
        }

        private static long mixed(long hash, String text) {
            long mixed = hash;
            for (int i = 0; i < text.length(); i++) {
                mixed = (mixed ^ text.charAt(i)) * 0x100000001b3L;
            }
            return mixed;
        }
    }
}

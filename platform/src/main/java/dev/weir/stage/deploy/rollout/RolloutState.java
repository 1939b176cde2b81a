package dev.weir.stage.deploy.rollout;

import dev.weir.stage.deploy.rollout.plan.Step;

import java.util.Arrays;
import java.util.Locale;

/** Where a rollout stands. */
public enum RolloutState {
    /** The new version is loaded and tried, without traffic. */
    SMOKE_TEST("smoke test"),
    /** The new version sees copies of requests; its answers go nowhere. */
    SHADOW("shadow"),
    /** The new version answers a share of the requests. */
    CANARY("canary"),
    /** The new version answers all requests; the old one is kept warm. */
    FLIPPED("flipped"),
    /** All steps are passed; primary, alias and stage are moved next. */
    FINISHING("finishing"),
    /** The new version is in production. */
    COMPLETED("completed"),
    /** A person has stopped it where it is; what fails is still taken back. */
    PAUSED("paused"),
    /** A person has ended it; all traffic is on the old version. */
    ABORTED("aborted"),
    /** A step failed; all traffic is on the old version. */
    ROLLED_BACK("rolled back"),
    /** It never had traffic, or could not be completed; all traffic is on the old version. */
    FAILED("failed");

    private final String words;

    RolloutState(String words) {
        this.words = words;
    }

    /** As a person reads it. */
    public String words() {
        return words;
    }

    /** As it is stored: {@code rolled_back}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state that {@link #word} names. */
    public static RolloutState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** The state of a rollout that is in this step. */
    static RolloutState of(Step step) {
        return switch (step) {
            case Step.Shadow ignored -> SHADOW;
            case Step.Canary ignored -> CANARY;
            case Step.BlueGreen ignored -> FLIPPED;
        };
    }

    /** Whether nothing follows. */
    public boolean ended() {
        return Arrays.asList(COMPLETED, ABORTED, ROLLED_BACK, FAILED).contains(this);
    }
}

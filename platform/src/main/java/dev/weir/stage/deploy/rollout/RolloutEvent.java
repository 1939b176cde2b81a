package dev.weir.stage.deploy.rollout;

import java.util.Locale;

/** What happens to a rollout. */
public enum RolloutEvent {
    REQUESTED("requested"),
    SMOKE_PASSED("smoke test passed"),
    SMOKE_FAILED("smoke test failed"),
    STEP_PASSED("step passed"),
    STEP_FAILED("step failed"),
    NOT_ENOUGH_EVIDENCE("not enough evidence"),
    TRAFFIC_STOPPED("traffic stopped"),
    PAUSED("paused"),
    RESUMED("resumed"),
    ABORTED("aborted"),
    FINISH_ASKED("finish asked for"),
    PROMOTED("promoted"),
    PROMOTION_REFUSED("promotion refused"),
    RESTARTED("driven by another process");

    private final String words;

    RolloutEvent(String words) {
        this.words = words;
    }

    /** As a person reads it. */
    public String words() {
        return words;
    }

    /** As the ledger has it: {@code rollout.step-passed}. */
    public String kind() {
        return "rollout." + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

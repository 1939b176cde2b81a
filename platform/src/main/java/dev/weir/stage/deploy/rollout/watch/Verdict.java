package dev.weir.stage.deploy.rollout.watch;

/** What a check says of a step. */
public enum Verdict {
    PASS("pass"),
    /** Surely wrong: all traffic goes back. */
    FAIL("fail"),
    /** Neither is sure: the step goes on. */
    NOT_ENOUGH("not enough evidence");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    /** As a person reads it. */
    public String words() {
        return words;
    }
}

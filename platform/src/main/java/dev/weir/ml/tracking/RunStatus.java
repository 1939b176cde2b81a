package dev.weir.ml.tracking;

import java.util.Locale;

/** Where a run stands. */
public enum RunStatus {
    /** It is working. */
    RUNNING,
    /** It waits for its start. */
    SCHEDULED,
    /** It ended as it should. */
    FINISHED,
    /** It ended with an error, or a gate stopped it. */
    FAILED,
    /** Somebody stopped it. */
    KILLED;

    /** The word that people and JSON use: lower case. MLflow's doors write it in capitals. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the run has ended. */
    public boolean ended() {
        return switch (this) {
            case RUNNING, SCHEDULED -> false;
            case FINISHED, FAILED, KILLED -> true;
        };
    }

    static RunStatus of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}

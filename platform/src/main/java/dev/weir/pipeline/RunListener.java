package dev.weir.pipeline;

import dev.weir.store.meta.Transaction;

/**
 * Hears of runs inside the transactions that change them, so that what a room above keeps of a run
 * is never out of step with the engine.
 */
public interface RunListener {
    /** A run starts. */
    void started(Transaction tx, RunRecord run);

    /**
     * A run ended, or was found dead; {@link RunRecord#status} says how. A run that was taken for
     * dead while its process only stood still ends a second time, and the last word counts.
     */
    void ended(Transaction tx, RunRecord run);
}

package dev.weir.pipeline;

import dev.weir.store.meta.Transaction;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Publishes what attempts gave, and claims what is to be attempted next. */
final class Claims {
    private final EngineParts parts;
    private final RunRequest request;
    private final RunGraph graph;

    Claims(EngineParts parts, RunRequest request, RunGraph graph) {
        this.parts = parts;
        this.request = request;
        this.graph = graph;
    }

    record Claim(Slot slot, Attempt attempt, StepKey key) {}

    /**
     * What came of one transaction.
     *
     * @param refused late writers: their attempt had been taken over
     * @param claims what is to be launched
     * @param known steps whose result another process has given meanwhile
     */
    record Committed(List<Completion> refused, List<Claim> claims, List<Slot> known) {}

    /** The result of an attempt that succeeded. */
    StepResult result(Completion completion, Completion.Succeeded done) {
        return new StepResult(
                completion.key().hex(), done.outputs(), done.evidence(), request.runId());
    }

    /** Ends attempts; returns those that were not running any more though they succeeded. */
    List<Completion> publish(Transaction tx, List<Completion> ended, Instant at) {
        List<Completion> refused = new ArrayList<>();
        for (Completion completion : ended) {
            String id = completion.attempt().id();
            PipelineDao dao = parts.dao();
            switch (completion.ending()) {
                case Completion.Succeeded done -> {
                    if (dao.endAttempt(tx, id, AttemptState.SUCCEEDED, at, null)) {
                        dao.saveResult(
                                tx,
                                request.workspace(),
                                completion.slot().node.name(),
                                result(completion, done),
                                id,
                                at);
                    } else {
                        refused.add(completion);
                    }
                }
                case Completion.Failed failed ->
                        dao.endAttempt(
                                tx,
                                id,
                                AttemptState.FAILED,
                                at,
                                failed.problems().getFirst().line());
                case Completion.Corrupt corrupt ->
                        dao.endAttempt(tx, id, AttemptState.FAILED, at, corrupt.problem().line());
                case Completion.Stopped stopped ->
                        dao.endAttempt(tx, id, stopped.why(), at, "stopped");
            }
        }
        return refused;
    }

    /** Claims in order, until one does not fit: a big step is not starved by small ones. */
    Committed claim(Transaction tx, List<Slot> wanting, List<Completion> refused, Instant at) {
        List<Claim> claims = new ArrayList<>();
        List<Slot> known = new ArrayList<>();
        Resources inUse =
                wanting.isEmpty() ? Resources.NONE : parts.dao().inUse(tx, parts.me().host());
        for (Slot slot : wanting) {
            Resources with = inUse.plus(slot.step().resources());
            if (!with.fitsIn(parts.machine())) {
                break;
            }
            StepKey key = slot.key == null ? graph.key(slot.step()) : slot.key;
            if (parts.dao().keyIsLive(tx, request.workspace(), key.hex())) {
                continue;
            }
            if (!slot.forced && isKnown(tx, key)) {
                known.add(slot);
                continue;
            }
            claims.add(new Claim(slot, insert(tx, slot, key, at), key));
            inUse = with;
        }
        return new Committed(refused, claims, known);
    }

    private boolean isKnown(Transaction tx, StepKey key) {
        Optional<StepResult> result = parts.dao().result(tx, request.workspace(), key.hex());
        return result.isPresent() && parts.workbench().holds(result.get());
    }

    private Attempt insert(Transaction tx, Slot slot, StepKey key, Instant at) {
        Step step = slot.step();
        int number = slot.attempts + 1;
        Attempt attempt =
                parts.workbench()
                        .attempt(
                                parts.ids().next(),
                                request.runId(),
                                step,
                                number,
                                graph.inputs(step));
        parts.dao().saveKey(tx, request.workspace(), key);
        parts.dao()
                .insertAttempt(
                        tx,
                        request,
                        attempt,
                        step,
                        number,
                        key.hex(),
                        parts.me(),
                        at,
                        at.plus(EngineParts.LEASE));
        return attempt;
    }
}

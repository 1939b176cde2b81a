package dev.weir.pipeline;

import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
     * @param known steps whose result is known, be it that another process has just given it
     * @param claims what is to be launched
     */
    record Committed(List<Completion> refused, Map<Slot, StepResult> known, List<Claim> claims) {}

    /** The result of an attempt that succeeded. */
    StepResult result(Completion completion, Completion.Succeeded done) {
        return new StepResult(
                completion.key().hex(), done.outputs(), done.evidence(), request.runId());
    }

    /**
     * Publishes what ended, looks up what became ready, and claims what there is room for. Does
     * nothing but through its transaction.
     *
     * @param fresh steps to be looked up for the first time
     */
    Committed commit(Transaction tx, List<Completion> ended, List<Slot> fresh, Instant at) {
        Committed committed =
                new Committed(publish(tx, ended, at), new LinkedHashMap<>(), new ArrayList<>());
        for (Slot slot : fresh) {
            lookUp(tx, slot, committed);
        }
        claim(tx, new HashSet<>(fresh), committed, at);
        return committed;
    }

    /** Ends attempts; returns those that were not running any more though they succeeded. */
    List<Completion> publish(Transaction tx, List<Completion> ended, Instant at) {
        List<Completion> refused = new ArrayList<>();
        for (Completion completion : ended) {
            String id = completion.attempt().id();
            AttemptDao dao = parts.attempts();
            switch (completion.ending()) {
                case Completion.Succeeded done -> {
                    if (dao.end(tx, id, AttemptState.SUCCEEDED, at, null)) {
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
                        dao.end(
                                tx,
                                id,
                                AttemptState.FAILED,
                                at,
                                failed.problems().getFirst().line());
                case Completion.Corrupt corrupt ->
                        dao.end(tx, id, AttemptState.FAILED, at, corrupt.problem().line());
                case Completion.Stopped stopped -> dao.end(tx, id, stopped.why(), at, "stopped");
            }
        }
        return refused;
    }

    /** Claims in order, until one does not fit: a big step is not starved by small ones. */
    private void claim(Transaction tx, Set<Slot> lookedUp, Committed committed, Instant at) {
        Resources inUse = null;
        for (Slot slot : graph.readySteps()) {
            if (committed.known().containsKey(slot) || slot.notBefore.isAfter(at)) {
                continue;
            }
            if (inUse == null) {
                inUse = parts.attempts().inUse(tx, parts.me().host());
            }
            Resources with = inUse.plus(slot.step().resources());
            if (!with.fitsIn(parts.machine())) {
                return;
            }
            if (!lookedUp.contains(slot) && lookUp(tx, slot, committed)) {
                continue;
            }
            Claim claim = started(tx, slot, at);
            if (claim != null) {
                committed.claims().add(claim);
                inUse = with;
            }
        }
    }

    private boolean lookUp(Transaction tx, Slot slot, Committed committed) {
        if (slot.forced) {
            return false;
        }
        StepResult result =
                parts.attempts().result(tx, request.workspace(), key(slot).hex()).orElse(null);
        if (result == null || !parts.workbench().holds(result)) {
            return false;
        }
        committed.known().put(slot, result);
        return true;
    }

    private StepKey key(Slot slot) {
        return slot.key == null ? graph.key(slot.step()) : slot.key;
    }

    /** An attempt, unless another one at the same key is running. */
    private @Nullable Claim started(Transaction tx, Slot slot, Instant at) {
        Step step = slot.step();
        StepKey key = key(slot);
        int number = slot.attempts + 1;
        Attempt attempt =
                parts.workbench()
                        .attempt(
                                parts.ids().next(),
                                request.runId(),
                                step,
                                number,
                                graph.inputs(step));
        attempt.keeps(parts.workbench().kept(request.workspace(), key));
        attempt.stragglersEndBy(id -> parts.sweeper().killAll(Set.of(id)));
        boolean ours =
                parts.attempts()
                        .start(
                                tx,
                                request,
                                attempt,
                                step,
                                number,
                                key.hex(),
                                parts.me(),
                                at,
                                at.plus(parts.lease()));
        if (!ours) {
            return null;
        }
        parts.attempts().saveKey(tx, request.workspace(), key);
        return new Claim(slot, attempt, key);
    }
}

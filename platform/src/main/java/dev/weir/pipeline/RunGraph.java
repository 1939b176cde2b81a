package dev.weir.pipeline;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.store.blob.Artifact;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The nodes of a run that is going on, and which of them may start. */
final class RunGraph {
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final TreeSet<Slot> ready = new TreeSet<>(Comparator.comparingInt(s -> s.position));
    private final Deque<Slot> fresh = new ArrayDeque<>();
    private final Deque<Slot> openTransitions = new ArrayDeque<>();

    RunGraph(Pipeline pipeline, Set<String> forced) {
        for (Node node : pipeline.nodes()) {
            add(node).forced = forced.contains(node.name());
        }
    }

    private Slot add(Node node) {
        Slot slot = new Slot(node, slots.size());
        node.needs().forEach(need -> slot(need).successors.add(slot));
        slots.put(node.name(), slot);
        recount(slot);
        return slot;
    }

    /** More to do; a node whose name is there already stays as it is. */
    void grow(List<Node> nodes) {
        for (Node node : nodes) {
            if (!slots.containsKey(node.name())) {
                add(node);
            }
        }
    }

    Slot slot(String name) {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalStateException("no node " + name);
        }
        return slot;
    }

    Collection<Slot> slots() {
        return slots.values();
    }

    /** The steps that may start, in the pipeline's order. */
    Iterable<Slot> readySteps() {
        return () -> ready.stream().filter(slot -> slot.node instanceof Step).iterator();
    }

    /** The next step that has become ready and was not asked for yet. */
    @Nullable Slot nextFresh() {
        Slot slot = fresh.poll();
        while (slot != null && slot.phase != Slot.Phase.READY) {
            slot = fresh.poll();
        }
        return slot;
    }

    /** The next transition that may be passed. */
    @Nullable Slot nextTransition() {
        Slot slot = openTransitions.poll();
        while (slot != null && slot.phase != Slot.Phase.READY) {
            slot = openTransitions.poll();
        }
        return slot;
    }

    boolean nothingReady() {
        return ready.isEmpty();
    }

    /** The result of a step that is done. */
    StepResult result(String step) {
        StepResult result = slot(step).result;
        if (result == null) {
            throw new IllegalArgumentException("step: " + step + " (expected: one that is done)");
        }
        return result;
    }

    /** The inputs of a step that is ready. */
    Map<String, Artifact> inputs(Step step) {
        Map<String, Artifact> inputs = new HashMap<>();
        step.inputs()
                .forEach(
                        (name, input) ->
                                inputs.put(
                                        name,
                                        switch (input) {
                                            case Input.Given given -> given.artifact();
                                            case Input.InPlace there ->
                                                    Artifact.file(there.digest());
                                            case Input.FromStep from ->
                                                    result(from.step()).output(from.output());
                                        }));
        return inputs;
    }

    /** The key of a step that is ready. */
    StepKey key(Step step) {
        Map<String, Digest> digests = new HashMap<>();
        inputs(step).forEach((name, artifact) -> digests.put(name, artifact.digest()));
        return StepKey.of(step, digests);
    }

    /** A node is done; what waited for nothing else becomes ready. */
    void done(Slot slot, @Nullable StepResult result) {
        leave(slot, Slot.Phase.DONE);
        slot.result = result;
        for (Slot next : slot.successors) {
            if (--next.missing == 0 && next.phase == Slot.Phase.WAITING) {
                becomesReady(next);
            }
        }
    }

    void running(Slot slot) {
        leave(slot, Slot.Phase.RUNNING);
    }

    void failed(Slot slot) {
        leave(slot, Slot.Phase.FAILED);
    }

    void skipped(Slot slot) {
        leave(slot, Slot.Phase.SKIPPED);
    }

    private void leave(Slot slot, Slot.Phase phase) {
        slot.phase = phase;
        ready.remove(slot);
    }

    /** A step is looked up and, where need be, claimed once more. */
    void again(Slot slot) {
        slot.phase = Slot.Phase.WAITING;
        slot.key = null;
        recount(slot);
    }

    /** Takes back that a node is done, and with it all that came after. */
    void withdraw(Slot slot) {
        Set<Slot> reached = new LinkedHashSet<>();
        Deque<Slot> open = new ArrayDeque<>(List.of(slot));
        while (!open.isEmpty()) {
            Slot next = open.poll();
            if (reached.add(next)) {
                open.addAll(next.successors);
            }
        }
        for (Slot each : reached) {
            switch (each.phase) {
                case RUNNING -> each.stale = each.attempt != null;
                case WAITING, READY, DONE -> {
                    leave(each, Slot.Phase.WAITING);
                    each.result = null;
                    each.key = null;
                }
                case FAILED, SKIPPED -> {}
            }
        }
        reached.forEach(this::recount);
    }

    private void recount(Slot slot) {
        slot.missing =
                (int)
                        slot.node.needs().stream()
                                .map(this::slot)
                                .filter(need -> need.phase != Slot.Phase.DONE)
                                .filter(need -> !excused(need, slot))
                                .count();
        if (slot.phase == Slot.Phase.WAITING && slot.missing == 0) {
            becomesReady(slot);
        }
    }

    /** Whether a node can do without a step that has failed. */
    private static boolean excused(Slot failed, Slot slot) {
        return failed.excuse != null
                && slot.node instanceof Transition transition
                && transition.judges().judges(failed.step(), failed.excuse);
    }

    /** Whether every transition that needs a step judges this failure of it, and one does. */
    boolean judgedLater(Slot slot, Problem why) {
        List<Transition> after =
                slot.successors.stream()
                        .map(next -> next.node)
                        .filter(Transition.class::isInstance)
                        .map(Transition.class::cast)
                        .toList();
        return !after.isEmpty()
                && after.stream().allMatch(each -> each.judges().judges(slot.step(), why));
    }

    /**
     * A step has failed in a way that a transition judges: so have the steps that need it.
     *
     * @return those, which are to be skipped
     */
    List<Slot> excuse(Slot failed, Problem why) {
        failed.excuse = why;
        List<Slot> without = new ArrayList<>();
        for (Slot slot : slots.values()) {
            if (slot.node instanceof Step
                    && notStarted(slot)
                    && slot.node.needs().stream().anyMatch(need -> slot(need).excuse != null)) {
                slot.excuse = why;
                without.add(slot);
            }
        }
        return without;
    }

    /** What was waiting for excused steps alone becomes ready. */
    void goOnWithout() {
        for (Slot slot : slots.values()) {
            if (slot.phase == Slot.Phase.WAITING && slot.node instanceof Transition) {
                recount(slot);
            }
        }
    }

    private void becomesReady(Slot slot) {
        slot.phase = Slot.Phase.READY;
        ready.add(slot);
        (slot.node instanceof Step ? fresh : openTransitions).add(slot);
    }

    /** What has not started and cannot, because something that it needs never will be done. */
    List<Slot> cutOff() {
        List<Slot> cutOff = new ArrayList<>();
        Set<String> lost = new TreeSet<>();
        for (Slot slot : slots.values()) {
            if (slot.phase == Slot.Phase.FAILED || slot.phase == Slot.Phase.SKIPPED) {
                lost.add(slot.node.name());
            } else if (notStarted(slot)
                    && slot.node.needs().stream()
                            .filter(lost::contains)
                            .anyMatch(need -> !excused(slot(need), slot))) {
                lost.add(slot.node.name());
                cutOff.add(slot);
            }
        }
        return cutOff;
    }

    /** What has not started. */
    List<Slot> notStarted() {
        return slots.values().stream().filter(RunGraph::notStarted).toList();
    }

    private static boolean notStarted(Slot slot) {
        return slot.phase == Slot.Phase.WAITING || slot.phase == Slot.Phase.READY;
    }

    /** What has not started, or runs. */
    List<Slot> notEnded() {
        return slots.values().stream().filter(slot -> !slot.ended()).toList();
    }
}

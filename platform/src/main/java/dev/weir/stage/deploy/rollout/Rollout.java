package dev.weir.stage.deploy.rollout;

import dev.weir.ml.registry.VersionRef;
import dev.weir.stage.deploy.rollout.plan.Plan;
import dev.weir.stage.deploy.rollout.plan.Step;
import dev.weir.store.ledger.Actor;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A version on its way to take over an endpoint, and where it stands.
 *
 * @param version that is to take over
 * @param replaces the primary when it was asked for; null where there was none
 * @param step of the plan, from 0
 * @param resumes the state that a paused one goes back to; else null
 * @param watched how long this step was watched: time in which no server looked does not count, and
 *     a clock that jumps moves it by no more than {@code Decider.LONGEST_LOOK}
 * @param ticked the clock at the last look
 * @param waits what it waits for, in words; of one that is over, why it ended so
 * @param watch the running tests with the evidence that they have seen
 * @param promotion that it carries out, by its id
 * @param driver the server that drives it; null before the first tick
 * @param revision of this row
 */
public record Rollout(
        String id,
        String endpoint,
        String model,
        long version,
        @Nullable Long replaces,
        Plan plan,
        RolloutState state,
        int step,
        @Nullable RolloutState resumes,
        Duration watched,
        Instant ticked,
        List<String> waits,
        JsonNode watch,
        Actor actor,
        String reason,
        String promotion,
        @Nullable String driver,
        Instant leaseUntil,
        long revision,
        Instant created,
        Instant updated,
        @Nullable Instant ended) {
    public Rollout {
        waits = List.copyOf(waits);
    }

    /** {@code income:3}. */
    public VersionRef candidate() {
        return VersionRef.of(model, version);
    }

    /**
     * The step that it is in, or was in when it was paused; empty before the first and after the
     * last.
     */
    public Optional<Step> current() {
        RolloutState at = state == RolloutState.PAUSED && resumes != null ? resumes : state;
        return step < plan.steps().size() && RolloutState.of(plan.steps().get(step)) == at
                ? Optional.of(plan.steps().get(step))
                : Optional.empty();
    }

    /** How the step that it is in is called; where it is in none, the state. */
    public String words() {
        String step = current().map(Step::words).orElse(state.words());
        return state == RolloutState.PAUSED && current().isPresent()
                ? state.words() + " in " + step
                : step;
    }

    /**
     * {@code {"rollout","endpoint","version","replaces","state","step","plan":{},"watched_ms",
     * "waits":[],"promotion","actor","reason","driver","created","updated","ended"}}.
     */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("rollout", id).put("endpoint", endpoint);
        json.put("version", candidate().toString());
        json.put("replaces", replaces == null ? null : VersionRef.of(model, replaces).toString());
        json.put("state", state.word()).put("step", step);
        json.set("plan", plan.json());
        json.put("watched_ms", watched.toMillis());
        waits.forEach(json.putArray("waits")::add);
        json.put("promotion", promotion);
        json.put("actor", actor.toString()).put("reason", reason).put("driver", driver);
        json.put("created", created.toString()).put("updated", updated.toString());
        json.put("ended", ended == null ? null : ended.toString());
        return json;
    }

    /** The same at the beginning of something else. */
    Rollout moved(RolloutState to, int nextStep, JsonNode nextWatch, Instant now) {
        return new Rollout(
                id,
                endpoint,
                model,
                version,
                replaces,
                plan,
                to,
                nextStep,
                null,
                Duration.ZERO,
                now,
                List.of(),
                nextWatch,
                actor,
                reason,
                promotion,
                driver,
                leaseUntil,
                revision,
                created,
                now,
                null);
    }

    /** The same, paused or going on, where it stands: what was watched so far counts. */
    Rollout turned(RolloutState to, @Nullable RolloutState goesBackTo, Instant now) {
        return new Rollout(
                id,
                endpoint,
                model,
                version,
                replaces,
                plan,
                to,
                step,
                goesBackTo,
                watched,
                now,
                waits,
                watch,
                actor,
                reason,
                promotion,
                driver,
                leaseUntil,
                revision,
                created,
                now,
                null);
    }

    /** The same after a look that moved it nowhere. */
    Rollout looked(Duration watchedNow, List<String> waitsNow, JsonNode watchNow, Instant now) {
        return new Rollout(
                id,
                endpoint,
                model,
                version,
                replaces,
                plan,
                state,
                step,
                resumes,
                watchedNow,
                now,
                waitsNow,
                watchNow,
                actor,
                reason,
                promotion,
                driver,
                leaseUntil,
                revision,
                created,
                now,
                null);
    }

    /** The same, over. */
    Rollout over(RolloutState to, List<String> why, Instant now) {
        return new Rollout(
                id,
                endpoint,
                model,
                version,
                replaces,
                plan,
                to,
                step,
                null,
                watched,
                now,
                why,
                watch,
                actor,
                reason,
                promotion,
                driver,
                leaseUntil,
                revision,
                created,
                now,
                now);
    }

    /** The same, driven by a server until a moment. */
    Rollout driven(String server, Instant until) {
        return new Rollout(
                id, endpoint, model, version, replaces, plan, state, step, resumes, watched, ticked,
                waits, watch, actor, reason, promotion, server, until, revision, created, updated,
                ended);
    }
}

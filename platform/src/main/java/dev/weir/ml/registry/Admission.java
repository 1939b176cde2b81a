package dev.weir.ml.registry;

import dev.weir.base.problem.Problem;
import dev.weir.ml.gate.GateReport;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Verdicts;
import dev.weir.store.ledger.Actor;
import dev.weir.store.meta.Transaction;

import java.util.Optional;
import java.util.stream.Collectors;

/** What is always asked of a promotion, and what the policy asks besides; it changes nothing. */
final class Admission {
    private final Verdicts verdicts;

    Admission(Verdicts verdicts) {
        this.verdicts = verdicts;
    }

    /**
     * What happens to the version when it goes there.
     *
     * @throws dev.weir.base.problem.ProblemException where it may not
     */
    StageEvent event(Transaction tx, ModelVersion version, Stage target) {
        if (version.stage() == target) {
            throw Problem.refused(
                            "promotion.already",
                            "%s is in %s already (expected: another stage)"
                                    .formatted(version.ref(), target.word()))
                    .exception();
        }
        StageEvent event = version.gated() ? gatedEvent(tx, version, target) : freeEvent(target);
        if (StageTable.next(version.ref(), version.stage(), event) != target) {
            throw Problem.refused(
                            "version.stage",
                            "%s is in %s and cannot go to %s"
                                    .formatted(
                                            version.ref(), version.stage().word(), target.word()))
                    .exception();
        }
        return event;
    }

    private StageEvent gatedEvent(Transaction tx, ModelVersion version, Stage target) {
        StageEvent event =
                switch (target) {
                    case PRODUCTION -> StageEvent.PROMOTED;
                    case STAGING -> StageEvent.VALIDATED;
                    case ARCHIVED -> StageEvent.RETIRED;
                    case DEVELOPMENT -> throw noWayBack(version);
                };
        if (event != StageEvent.RETIRED) {
            requirePassed(tx, version);
        }
        return event;
    }

    private static StageEvent freeEvent(Stage target) {
        return switch (target) {
            case PRODUCTION -> StageEvent.RELEASED;
            case STAGING -> StageEvent.STAGED;
            case ARCHIVED -> StageEvent.RETIRED;
            case DEVELOPMENT -> StageEvent.WITHDRAWN;
        };
    }

    /** What the policy asks for besides approvals. */
    void byPolicy(Transaction tx, Actor actor, ModelVersion version, PromotionPolicy policy) {
        if (!PromotionPolicy.among(policy.who(), actor)) {
            throw Problem.refused(
                            "promotion.who",
                            "%s may not promote %s (expected: %s)"
                                    .formatted(
                                            actor, version.ref(), String.join(", ", policy.who())))
                    .hint("weir.yaml says who may: promotion")
                    .exception();
        }
        if (policy.asksFor(PromotionPolicy.Demand.GATES)) {
            requirePassed(tx, version);
        }
        if (policy.asksFor(PromotionPolicy.Demand.RECIPE) && !version.recipe().complete()) {
            throw Problem.refused(
                            "promotion.recipe",
                            "%s: its recipe has no %s (expected: a complete recipe, as the project asks)"
                                    .formatted(
                                            version.ref(),
                                            version.recipe().missing().stream()
                                                    .map(Link::word)
                                                    .collect(Collectors.joining(", "))))
                    .hint("weir run registers versions with all six links.")
                    .exception();
        }
        if (policy.asksFor(PromotionPolicy.Demand.MONITOR) && !policy.monitored()) {
            throw Problem.refused(
                            "promotion.monitor",
                            "%s: nothing says how it is watched (expected: a section monitor in pipelines/%s.yaml, as the project asks)"
                                    .formatted(version.ref(), version.model()))
                    .exception();
        }
    }

    private void requirePassed(Transaction tx, ModelVersion version) {
        GateReport report =
                Optional.ofNullable(version.judgementId())
                        .flatMap(id -> verdicts.judgement(tx, id))
                        .orElseThrow(
                                () ->
                                        Problem.refused(
                                                        "promotion.never-judged",
                                                        version.ref()
                                                                + " was never judged (expected:"
                                                                + " gates that passed)")
                                                .hint("weir run judges it.")
                                                .exception())
                        .report();
        if (!report.passed()) {
            throw Problem.refused(
                            "promotion.gates",
                            version.ref()
                                    + ": its gates said no: "
                                    + report.stopping().stream()
                                            .map(Ruling::line)
                                            .collect(Collectors.joining("; ")))
                    .hint("Mend what they name and run again; a new version can be promoted.")
                    .exception();
        }
    }

    /** Refuses where production is not as expected. */
    static void expect(String model, Optional<ModelVersion> current, Production expected) {
        if (!Requests.as(expected, current.map(ModelVersion::version))) {
            String found = current.map(v -> v.ref().toString()).orElse("none");
            String wanted =
                    expected instanceof Production.Version v ? model + ":" + v.version() : "none";
            throw Problem.refused(
                            "promotion.moved",
                            "production of %s: %s (expected: %s)".formatted(model, found, wanted))
                    .hint("Somebody has moved it since: look again, then ask again.")
                    .exception();
        }
    }

    /**
     * Refuses the person who made a version and has a service ask for its promotion: that would be
     * two eyes.
     */
    static void isAnotherThanTheMaker(
            Actor actor, RequestedPromotion promotion, Optional<Actor> maker) {
        if (promotion.actor().kind() != Actor.Kind.PERSON
                && maker.filter(actor::equals).isPresent()) {
            throw Problem.refused(
                            "promotion.own",
                            "%s registered %s, which %s asked for, and cannot approve it (expected: another person)"
                                    .formatted(actor, promotion.ref(), promotion.actor()))
                    .exception();
        }
    }

    /** Refuses who may not say yes or no to this promotion. */
    static void mayDecide(
            Actor actor, RequestedPromotion promotion, PromotionPolicy.ApprovalRule rule) {
        if (actor.equals(promotion.actor())) {
            throw Problem.refused(
                            "promotion.own",
                            "%s asked for promotion %s and cannot approve it (expected: another person)"
                                    .formatted(actor, promotion.id()))
                    .hint("It waits for " + rule.whom() + ".")
                    .exception();
        }
        if (actor.kind() != Actor.Kind.PERSON) {
            throw Problem.refused(
                            "promotion.approver",
                            "%s cannot approve promotion %s (expected: a person)"
                                    .formatted(actor, promotion.id()))
                    .exception();
        }
        if (!PromotionPolicy.among(rule.approvers(), actor)) {
            throw Problem.refused(
                            "promotion.approver",
                            "%s cannot approve promotion %s (expected: %s)"
                                    .formatted(
                                            actor,
                                            promotion.id(),
                                            String.join(", ", rule.approvers())))
                    .hint("weir.yaml says who may: promotion")
                    .exception();
        }
        if (promotion.approvals().stream().anyMatch(a -> a.actor().equals(actor))) {
            throw Problem.refused(
                            "promotion.approved-already",
                            "%s has approved promotion %s already (expected: another person)"
                                    .formatted(actor, promotion.id()))
                    .exception();
        }
    }

    private static RuntimeException noWayBack(ModelVersion version) {
        return Problem.refused(
                        "promotion.target",
                        "%s: to development (expected: staging, production or archived)"
                                .formatted(version.ref()))
                .hint("A version goes back to development only where its gates say no.")
                .exception();
    }
}

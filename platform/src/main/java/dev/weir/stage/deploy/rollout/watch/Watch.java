package dev.weir.stage.deploy.rollout.watch;

import dev.weir.ml.stats.sequential.RateTest;
import dev.weir.ml.stats.sequential.RatioTest;
import dev.weir.ml.stats.sequential.SplitTest;
import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.stage.deploy.rollout.evidence.VariantEvidence;
import dev.weir.stage.deploy.rollout.plan.Bounds;
import dev.weir.stage.deploy.rollout.plan.Plan;
import dev.weir.stage.deploy.rollout.plan.Step;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The running tests of a rollout. Each look adds what came since the look before; the tests go on
 * from step to step, and find a change in the middle of a step as soon as one from the start. Each
 * has a chance of {@link #ALPHA} to speak up for nothing, in the whole rollout and however often
 * somebody looks; all eight together have less than 1 %. A value: a look gives another one.
 *
 * @param seen of this step, at the last look
 * @param quiet how long nothing has reached the candidate
 * @param errorRate against {@code abort_when.error_rate}
 * @param errors against the primary
 * @param slowRate answers above {@code abort_when.p99}
 * @param slow answers above the primary's own p99 with some slack, against the primary's above it
 * @param disagreement of this shadow against its bound
 * @param wrong outcomes against the primary's
 */
public record Watch(
        Evidence seen,
        Duration quiet,
        RateTest errorRate,
        RatioTest errors,
        RateTest slowRate,
        RatioTest slow,
        RateTest disagreement,
        RatioTest wrong,
        Predictions predictions) {
    /** The chance that one test ever speaks up for nothing. */
    public static final double ALPHA = 0.001;

    private static final double SURE = Math.log(1 / ALPHA);

    /** From here on a step does not pass: 1 in 20. */
    private static final double SUSPICIOUS = Math.log(20);

    /** As many times the primary's errors, or wrong predictions, are still no harm. */
    private static final double MORE = 1.2;

    /** As many times the primary's p99 is still no harm. */
    private static final double SLOWER = 1.5;

    private static final double P99 = 0.01;
    private static final long ENOUGH_LATENCIES = 500;

    /** The share of failed requests that a version may have where nothing is said. */
    private static final double MOST_ERRORS = 0.05;

    /** Before a rollout's first step. */
    public static Watch beginning(Plan plan) {
        Bounds bounds = plan.bounds();
        return new Watch(
                Evidence.NONE,
                Duration.ZERO,
                RateTest.above(bounds.errorRate() == null ? MOST_ERRORS : bounds.errorRate()),
                RatioTest.above(MORE),
                RateTest.above(P99),
                RatioTest.above(1),
                disagreement(plan, 0),
                RatioTest.above(MORE),
                Predictions.NONE);
    }

    private static RateTest disagreement(Plan plan, int step) {
        return RateTest.above(
                step < plan.steps().size() && plan.steps().get(step) instanceof Step.Shadow shadow
                        ? shadow.maxDisagreement()
                        : 1);
    }

    /** A step begins. */
    public Watch step(Plan plan, int step) {
        return new Watch(
                Evidence.NONE,
                Duration.ZERO,
                errorRate,
                errors,
                slowRate,
                slow,
                disagreement(plan, step),
                wrong,
                predictions.step());
    }

    /**
     * After another look.
     *
     * @param all that was seen in this step
     * @param since the last look
     */
    public Watch next(Plan plan, int step, Evidence all, Duration since) {
        Evidence fresh = all.minus(seen);
        VariantEvidence primary = fresh.primary();
        VariantEvidence candidate = fresh.candidate();
        boolean shadow = plan.steps().get(step) instanceof Step.Shadow;
        long reached = shadow ? fresh.comparison().compared() : candidate.requests();
        Bounds bounds = plan.bounds();
        return new Watch(
                all,
                reached > 0 ? Duration.ZERO : quiet.plus(since),
                errorsAreBounded(plan, step)
                        ? errorRate.next(candidate.failed(), candidate.requests())
                        : errorRate,
                errors.next(failures(candidate), failures(primary)),
                shadow || bounds.p99() == null
                        ? slowRate
                        : slowRate.next(
                                candidate.latency().above(bounds.p99().toNanos() / 1e9),
                                candidate.latency().count()),
                shadow ? slow : slower(primary, candidate),
                disagreement.next(fresh.comparison().disagreed(), fresh.comparison().compared()),
                wrong.next(mistakes(candidate), mistakes(primary)),
                predictions.next(seen, fresh));
    }

    private static RatioTest.Seen failures(VariantEvidence side) {
        return new RatioTest.Seen(side.failed(), side.requests());
    }

    private static RatioTest.Seen mistakes(VariantEvidence side) {
        return new RatioTest.Seen(side.outcomes().wrong(), side.outcomes().known());
    }

    /**
     * The limit is what the primary's p99 was before this look, so that nothing is judged by
     * itself.
     */
    private RatioTest slower(VariantEvidence primary, VariantEvidence candidate) {
        if (seen.primary().latency().count() < ENOUGH_LATENCIES) {
            return slow;
        }
        double limit = seen.primary().latency().quantile(1 - P99);
        return slow.next(
                new RatioTest.Seen(
                        candidate.latency().above(limit * SLOWER), candidate.latency().count()),
                new RatioTest.Seen(primary.latency().above(limit), primary.latency().count()));
    }

    /** What each check says of the step. */
    public List<Finding> findings(Plan plan, int step) {
        Step current = plan.steps().get(step);
        VariantEvidence candidate = seen.candidate();
        VariantEvidence primary = seen.primary();
        boolean mixed = !plan.sticky() && mixed(current);
        List<Finding> findings = new ArrayList<>();
        Bounds bounds = plan.bounds();
        if (errorsAreBounded(plan, step)) {
            findings.add(
                    bound(
                            "error_rate",
                            errorRate,
                            candidate.failed(),
                            candidate.requests(),
                            bounds.errorRate() == null ? MOST_ERRORS : bounds.errorRate()));
        }
        findings.add(
                new Finding(
                        "errors",
                        against(errors, false),
                        Figure.share(candidate.failed(), candidate.requests()),
                        "as the primary's, " + Figure.share(primary.failed(), primary.requests())));
        if (current instanceof Step.Shadow shadow) {
            findings.add(
                    bound(
                            "disagreement",
                            disagreement,
                            seen.comparison().disagreed(),
                            seen.comparison().compared(),
                            shadow.maxDisagreement()));
        } else {
            latency(findings, bounds, mixed);
        }
        if (bounds.predictionPsi() != null) {
            findings.add(psi(bounds.predictionPsi(), plan.steps().size(), mixed));
        }
        if (candidate.outcomes().known() > 0 && primary.outcomes().known() > 0) {
            findings.add(
                    new Finding(
                            "outcomes",
                            against(wrong, mixed),
                            Figure.share(candidate.outcomes().wrong(), candidate.outcomes().known())
                                    + " wrong",
                            "as the primary's, "
                                    + Figure.share(
                                            primary.outcomes().wrong(),
                                            primary.outcomes().known())));
        }
        if (!plan.sticky() && current instanceof Step.Canary && current.percent() < 100) {
            long all = candidate.requests() + primary.requests();
            findings.add(
                    new Finding(
                            "split",
                            mixed ? Verdict.NOT_ENOUGH : Verdict.PASS,
                            Figure.share(candidate.requests(), all),
                            Figure.percent(current.percent() / 100)));
        }
        return findings;
    }

    /** Where the new version answers everything, no primary is beside it: a bound stands in. */
    private static boolean errorsAreBounded(Plan plan, int step) {
        return plan.bounds().errorRate() != null || plan.steps().get(step).percent() >= 100;
    }

    /** Whether something beside chance decides who goes where. */
    private boolean mixed(Step step) {
        return step instanceof Step.Canary
                && step.percent() < 100
                && SplitTest.logEvidence(
                                seen.candidate().requests(),
                                seen.primary().requests(),
                                step.percent() / 100)
                        >= SURE;
    }

    private static Finding bound(
            String check, RateTest test, long events, long trials, double most) {
        Verdict verdict =
                test.logEvidence() >= SURE
                        ? Verdict.FAIL
                        : events > most * trials ? Verdict.NOT_ENOUGH : Verdict.PASS;
        return new Finding(
                check, verdict, Figure.share(events, trials), "at most " + Figure.percent(most));
    }

    private static Verdict against(RatioTest test, boolean mixed) {
        double evidence = test.logEvidence();
        if (evidence >= SURE && !mixed) {
            return Verdict.FAIL;
        }
        return evidence >= SUSPICIOUS ? Verdict.NOT_ENOUGH : Verdict.PASS;
    }

    private void latency(List<Finding> findings, Bounds bounds, boolean mixed) {
        String observed =
                seen.candidate().latency().count() == 0
                        ? "nothing yet"
                        : Figure.millis(seen.candidate().latency().quantile(1 - P99));
        if (bounds.p99() != null) {
            double limit = bounds.p99().toNanos() / 1e9;
            long count = seen.candidate().latency().count();
            boolean over = seen.candidate().latency().above(limit) > P99 * count;
            findings.add(
                    new Finding(
                            "p99",
                            slowRate.logEvidence() >= SURE
                                    ? Verdict.FAIL
                                    : over ? Verdict.NOT_ENOUGH : Verdict.PASS,
                            observed,
                            "at most " + Figure.millis(limit)));
        }
        findings.add(
                new Finding(
                        "latency",
                        against(slow, mixed),
                        observed,
                        seen.primary().latency().count() == 0
                                ? "as the primary's, which answered nothing"
                                : "at most %s times the primary's, %s"
                                        .formatted(
                                                Figure.number(SLOWER),
                                                Figure.millis(
                                                        seen.primary()
                                                                .latency()
                                                                .quantile(1 - P99)))));
    }

    private Finding psi(double most, int steps, boolean mixed) {
        Predictions.Distance distance = predictions.distance(seen, ALPHA / steps);
        Verdict verdict = Verdict.PASS;
        if (distance.atLeast() > most && !mixed) {
            verdict = Verdict.FAIL;
        } else if (distance.psi() > most) {
            verdict = Verdict.NOT_ENOUGH;
        }
        return new Finding(
                "prediction_psi",
                verdict,
                "%s, surely %s, of %d predictions and the primary's %d"
                        .formatted(
                                Figure.number(distance.psi()),
                                Figure.number(distance.atLeast()),
                                distance.candidate(),
                                distance.primary()),
                "at most " + Figure.number(most));
    }

    /** As it is kept between two looks. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("seen", seen.json());
        json.put("quiet_ms", quiet.toMillis());
        json.set("error_rate", errorRate.json());
        json.set("errors", errors.json());
        json.set("slow_rate", slowRate.json());
        json.set("slow", slow.json());
        json.set("disagreement", disagreement.json());
        json.set("wrong", wrong.json());
        json.set("predictions", predictions.json());
        return json;
    }

    /** Reads what {@link #json} wrote; what is empty is the beginning. */
    public static Watch fromJson(Plan plan, int step, JsonNode json) {
        Watch beginning = beginning(plan).step(plan, step);
        if (json.isEmpty()) {
            return beginning;
        }
        return new Watch(
                Evidence.fromJson(json.path("seen")),
                Duration.ofMillis(json.path("quiet_ms").longValue()),
                beginning.errorRate.resumed(json.path("error_rate")),
                beginning.errors.resumed(json.path("errors")),
                beginning.slowRate.resumed(json.path("slow_rate")),
                beginning.slow.resumed(json.path("slow")),
                beginning.disagreement.resumed(json.path("disagreement")),
                beginning.wrong.resumed(json.path("wrong")),
                Predictions.fromJson(json.path("predictions")));
    }
}

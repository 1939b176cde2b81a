package dev.weir.project;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DatasetCandidate;
import dev.weir.ml.data.DatasetVersion;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.GateReport;
import dev.weir.ml.gate.Judgement;
import dev.weir.ml.gate.Limit;
import dev.weir.ml.gate.Observed;
import dev.weir.ml.gate.Rule;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Severity;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.model.Signature;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.NewVersion;
import dev.weir.ml.registry.PromotionRequest;
import dev.weir.ml.registry.PromotionState;
import dev.weir.ml.registry.Registration;
import dev.weir.ml.registry.RequestedPromotion;
import dev.weir.ml.registry.Stage;
import dev.weir.ml.tracking.Batch;
import dev.weir.ml.tracking.Metric;
import dev.weir.ml.tracking.MetricPoint;
import dev.weir.ml.tracking.RunInput;
import dev.weir.pipeline.Input;
import dev.weir.pipeline.StepResult;
import dev.weir.pipeline.Transition.Decision;
import dev.weir.pipeline.Transition.Results;
import dev.weir.stage.validate.ModelGate;
import dev.weir.stage.validate.ModelGates;
import dev.weir.stage.validate.SeedSpread;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What happens between the stages of one run, and what came of it. */
final class Passages {
    private static final Set<String> ABOUT_ROWS = Set.of("row_count", "row_delta");

    private final Home home;
    private final PipelineFile file;
    private final Compiler compiler;
    private final RecipeWriter recipes;
    private final Optional<ModelVersion> production;
    private final List<Ruling> registering;
    private final List<Ruling> rulings = new ArrayList<>();
    private @Nullable DatasetVersion dataset;
    private @Nullable DatasetVersion heldOut;
    private @Nullable Registration registration;
    private @Nullable JsonNode diagnosis;

    Passages(
            Home home,
            PipelineFile file,
            Compiler compiler,
            RecipeWriter recipes,
            Optional<ModelVersion> production,
            List<Ruling> registering) {
        this.home = home;
        this.file = file;
        this.compiler = compiler;
        this.recipes = recipes;
        this.production = production;
        this.registering = registering;
    }

    List<Ruling> rulings() {
        return rulings;
    }

    Optional<Registration> registration() {
        return Optional.ofNullable(registration);
    }

    /** Keeps the table as a dataset version, and accepts it where its expectations hold. */
    Decision ingestGate(String runId, Results results) {
        GateReport report = new GateReport(List.of());
        for (String step : compiler.tables()) {
            report = report.and(judged(runId, step, results.of(step)));
        }
        rulings.addAll(report.rulings());
        return report.passed() ? new Decision.Proceed() : stop(report);
    }

    private GateReport judged(String runId, String step, StepResult result) {
        JsonNode evidence = result.evidence();
        Digest table = result.output("table").digest();
        Digest profile = home.blobs().put(CanonicalJson.bytes(evidence.path("profile")));
        String name = step.equals(Names.INGEST) ? file.model() : file.model() + "-" + step;
        ExpectationReport lasting = ExpectationReport.of(evidence.path("expectations"));
        ExpectationReport now =
                new ExpectationsNow(home)
                        .judge(
                                lasting,
                                compiler.expectations(),
                                name,
                                table,
                                result.output("baseline").digest());
        GateReport found = rulings(step, now);
        GateReport report =
                home.database()
                        .read(tx -> home.datasets().judgedBefore(tx, name))
                        .map(
                                before ->
                                        found.since(
                                                before.report(),
                                                before.subject().replace("dataset:", "")))
                        .orElse(found);
        DatasetCandidate candidate =
                new DatasetCandidate(
                        name,
                        table,
                        evidence.path("schema"),
                        profile,
                        result.output("baseline").digest(),
                        evidence.path("rows").longValue(),
                        compiler.sourceOf(step),
                        runId);
        DatasetVersion version =
                home.database()
                        .write(
                                tx -> {
                                    DatasetVersion kept =
                                            home.datasets()
                                                    .register(tx, home.actor(), candidate)
                                                    .version();
                                    home.datasets()
                                            .judged(
                                                    tx,
                                                    home.actor(),
                                                    kept,
                                                    runId,
                                                    report,
                                                    CanonicalJson.digest(evidence));
                                    home.tracking().input(tx, runId, input(kept, step));
                                    return kept;
                                });
        if (step.equals(Names.INGEST)) {
            dataset = version;
        } else {
            heldOut = version;
        }
        return report;
    }

    private static RunInput input(DatasetVersion version, String step) {
        return new RunInput(
                version.name(),
                version.digest().hex(),
                "local",
                version.source(),
                version.schema().toString(),
                "{\"num_rows\":" + version.rows() + "}",
                Map.of(RunInput.CONTEXT, step.equals(Names.INGEST) ? "training" : "holdout"));
    }

    private static GateReport rulings(String step, ExpectationReport report) {
        return new GateReport(
                report.results().stream()
                        .filter(r -> judgesTable(step) || !ABOUT_ROWS.contains(r.kind()))
                        .map(
                                r ->
                                        new Ruling(
                                                        step + "." + r.id(),
                                                        r.severity(),
                                                        r.verdict(),
                                                        new Observed.Words(
                                                                r.violations()
                                                                        + " of "
                                                                        + r.evaluated()),
                                                        r.allowed(),
                                                        r.message(),
                                                        null)
                                                .limit(limit(r)))
                        .toList());
    }

    private static @Nullable Limit limit(ExpectationReport.Result result) {
        return result.allowedShare().isPresent()
                ? new Limit(result.allowedShare().getAsDouble(), Rule.Better.LOWER)
                : null;
    }

    /** How many rows there must be is said of the table, not of a held-out part beside it. */
    private static boolean judgesTable(String step) {
        return step.equals(Names.INGEST);
    }

    /**
     * Registers what was trained; the same recipe stays the same version. What may not be
     * registered from here is judged all the same.
     */
    Decision register(String runId, Results results) {
        StepResult trained = results.of(Names.TRAIN);
        Digest model = trained.output("model").digest();
        DatasetVersion data = dataset;
        if (data == null) {
            throw new IllegalStateException("registered before the table was judged");
        }
        Map<String, Double> metrics =
                results.failure(Names.SCORE).isPresent()
                        ? Map.of()
                        : metrics(results.of(Names.SCORE));
        rulings.addAll(registering);
        if (registering.stream().anyMatch(Ruling::stops)) {
            home.database().writing(tx -> track(tx, runId, metrics, trained.evidence()));
            return new Decision.Proceed();
        }
        NewVersion candidate =
                new NewVersion(
                        file.model(),
                        model,
                        recipes.recipe(runId, data, heldOut, trainedOn(results), trained),
                        trained.runId(),
                        "runs:/" + trained.runId() + "/model",
                        file.purpose(),
                        metrics,
                        signature(model).json());
        registration =
                home.database()
                        .write(
                                tx -> {
                                    track(tx, runId, metrics, trained.evidence());
                                    return home.registry().register(tx, home.actor(), candidate);
                                });
        return new Decision.Proceed();
    }

    /** The table that was trained on, where a step gave it. */
    private @Nullable Digest trainedOn(Results results) {
        return compiler.table() instanceof Input.FromStep from
                ? results.of(from.step()).output(from.output()).digest()
                : null;
    }

    private Signature signature(Digest model) {
        try {
            return Models.signature(home, model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Double> metrics(StepResult scored) {
        Map<String, Double> metrics = new TreeMap<>();
        scored.evidence()
                .path("metrics")
                .properties()
                .forEach(
                        e ->
                                metrics.put(
                                        e.getKey(),
                                        e.getValue().isNumber()
                                                ? e.getValue().doubleValue()
                                                : Double.NaN));
        return metrics;
    }

    /** What a program of the team's own logged while it trained. */
    private List<Metric> logged(JsonNode evidence) {
        long now = home.clock().millis();
        List<Metric> logged = new ArrayList<>();
        for (JsonNode each : evidence.path("logged")) {
            logged.add(
                    new Metric(
                            each.path("metric").stringValue(),
                            new MetricPoint(
                                    each.path("value").doubleValue(),
                                    now,
                                    each.path("step").longValue())));
        }
        return logged;
    }

    private void track(
            Transaction tx, String runId, Map<String, Double> metrics, JsonNode evidence) {
        long now = home.clock().millis();
        Map<String, String> params = new HashMap<>();
        compiler.config()
                .path("config")
                .properties()
                .forEach(
                        e ->
                                params.put(
                                        e.getKey(),
                                        e.getValue().isObject()
                                                ? e.getValue().toString()
                                                : e.getValue().asString()));
        home.tracking()
                .log(
                        tx,
                        runId,
                        new Batch(
                                params,
                                Stream.concat(
                                                logged(evidence).stream(),
                                                metrics.entrySet().stream()
                                                        .map(
                                                                e ->
                                                                        Metric.of(
                                                                                e.getKey(),
                                                                                e.getValue(),
                                                                                now)))
                                        .toList(),
                                Map.of()));
    }

    /** Judges the version: all gates pass, and it is in staging. */
    Decision validateGate(String runId, Results results) {
        Map<String, Evidence.Item> items = new HashMap<>();
        List<Rule> rules = new ArrayList<>();
        Optional<Problem> unscored = results.failure(Names.SCORE);
        boolean answered = unscored.isEmpty();
        if (unscored.isPresent()) {
            unjudged(Names.SCORE, unscored.get(), items, rules);
        } else {
            items.putAll(ModelGates.metrics(results.of(Names.SCORE).evidence()));
            rules.addAll(compiler.gates().metricRules());
        }
        String against = production.map(p -> p.ref() + " (production)").orElse("");
        for (ModelGate gate : compiler.gates().gates()) {
            Optional<Problem> failure = compiler.failure(gate, results, production);
            if (failure.isPresent()) {
                unjudged(gate.step(), failure.get(), items, rules);
                answered = false;
                continue;
            }
            JsonNode measured = compiler.measured(gate, results, production);
            items.putAll(gate.items(measured, against));
            rules.addAll(gate.rules(measured));
        }
        for (String seed : compiler.seeds(compiler.seedsAsked()).scores()) {
            results.failure(seed).ifPresent(why -> unjudged(seed, why, items, rules));
        }
        Evidence evidence = new Evidence(overSeeds(items, results));
        GateReport report = judged(runId, GateReport.judge(rules, evidence), evidence.digest());
        if (report.passed()) {
            return registration == null
                    ? stop(new GateReport(registering))
                    : new Decision.Proceed();
        }
        if (!answered) {
            return stop(report); // there is nothing to look into
        }
        StepResult trained = results.of(Names.TRAIN);
        diagnosis =
                new Diagnoses(home)
                        .make(
                                runId,
                                trained.output("model"),
                                trained.output("holdout").digest(),
                                results.of(Names.SCORE).output("predictions").digest(),
                                compiler.expectations().personal());
        return stop(report);
    }

    /** A model that failed where it was measured is not judged: an error, with the reason. */
    private static void unjudged(
            String step, Problem why, Map<String, Evidence.Item> items, List<Rule> rules) {
        String gate = step.replaceFirst("^validate-", "validate.");
        String words = why.message() + (why.hint() == null ? "" : ". " + why.hint());
        items.put(
                gate,
                new Evidence.Opinion(
                        Verdict.ERROR, new Observed.Nothing(), "the model to answer", words));
        rules.add(new Rule.Says(gate, Severity.ERROR, gate));
    }

    /** Keeps the verdicts on the version, or on the run where it may not register one. */
    private GateReport judged(String runId, GateReport found, Digest evidence) {
        Registration registered = registration;
        if (registered == null) {
            home.database()
                    .writing(
                            tx ->
                                    home.verdicts()
                                            .record(
                                                    tx,
                                                    home.actor(),
                                                    runId,
                                                    "run:" + runId,
                                                    found.and(new GateReport(registering)),
                                                    evidence));
            rulings.addAll(found.rulings());
            return found;
        }
        GateReport report = sinceLast(registered.version(), found);
        ModelVersion version =
                home.database()
                        .write(
                                tx ->
                                        home.registry()
                                                .judged(
                                                        tx,
                                                        home.actor(),
                                                        registered.version().ref(),
                                                        runId,
                                                        report,
                                                        evidence));
        rulings.addAll(report.rulings());
        if (report.passed() && version.stage() == Stage.DEVELOPMENT) {
            rulings.add(toStaging(version));
        }
        return report;
    }

    /** Where staging asks for more than gates, the run asks for it as a person would. */
    private Ruling toStaging(ModelVersion version) {
        PromotionRequest request =
                PromotionRequest.to(version.ref(), Stage.STAGING).because("its gates passed");
        try {
            RequestedPromotion asked =
                    home.database()
                            .write(tx -> home.promotions().promote(tx, home.actor(), request));
            boolean there = asked.state() == PromotionState.CARRIED_OUT;
            String whom = home.promotions().waitsFor(asked).orElse("");
            return promotion(
                    there ? Verdict.PASS : Verdict.WARN,
                    there ? "staging" : asked.state().words(),
                    there ? "It is in staging." : "Staging waits for " + whom + ".",
                    there ? null : "weir promotions approve " + asked.id());
        } catch (ProblemException e) {
            Problem problem = e.problems().getFirst();
            return promotion(Verdict.WARN, "refused", problem.message(), problem.hint());
        }
    }

    private static Ruling promotion(
            Verdict verdict, String value, String reason, @Nullable String hint) {
        return new Ruling(
                "promotion.staging",
                Severity.WARN,
                verdict,
                new Observed.Words(value),
                "staging",
                reason,
                hint);
    }

    /** Each metric as its mean, where the pipeline asks for more seeds than the model's own. */
    private Map<String, Evidence.Item> overSeeds(
            Map<String, Evidence.Item> items, Results results) {
        List<String> steps = new ArrayList<>(List.of(Names.SCORE));
        steps.addAll(compiler.seeds(compiler.seedsAsked()).scores());
        boolean judged =
                compiler.seedsAsked() > 0
                        && steps.stream().allMatch(step -> results.failure(step).isEmpty());
        return judged
                ? SeedSpread.over(
                        items, steps.stream().map(step -> results.of(step).evidence()).toList())
                : items;
    }

    /** Where the model fails, if its gates turned it down. */
    Optional<JsonNode> diagnosis() {
        return Optional.ofNullable(diagnosis);
    }

    /** What is asked for less than it was of the version before is shown so. */
    private GateReport sinceLast(ModelVersion version, GateReport report) {
        GateReport marked = report;
        for (Judgement before :
                home.database().read(tx -> home.registry().judgedBefore(tx, version))) {
            marked = marked.since(before.report(), before.subject().replace("version:", ""));
        }
        return marked;
    }

    private static Decision stop(GateReport report) {
        List<Ruling> stopping = report.stopping();
        String more = stopping.size() == 1 ? "" : " (and " + (stopping.size() - 1) + " more)";
        return new Decision.Stop(
                stopping.getFirst().gate() + ": " + stopping.getFirst().reason() + more);
    }
}

package dev.weir.cli;

import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.gate.page.Item;
import dev.weir.ml.gate.page.Page;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.pipeline.AttemptReport;
import dev.weir.pipeline.RunRecord;
import dev.weir.pipeline.StepReport;
import dev.weir.project.Home;
import dev.weir.project.RunHistory;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code weir runs show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows one run: its steps, their attempts, the gates that were judged.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir runs show                the last run",
            "  weir runs show 019abc         the run whose id begins so",
            "  weir runs show --html gates.html",
            "  weir runs show --json | jq .gates"
        })
final class RunsShowCommand implements Callable<Integer> {
    private static final String VALIDATE = "validate.";

    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(
            arity = "0..1",
            paramLabel = "RUN",
            description = "Its id, the beginning of it, or last (the default).")
    String run = RunHistory.LAST;

    @Option(names = "--html", paramLabel = "FILE", description = "Also writes the gates as a page.")
    @Nullable Path html;

    RunsShowCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws IOException {
        Optional<OutputFile> file = OutputFile.of(services, html, List.of());
        try (Home home = services.home(Common.project(services))) {
            RunHistory.Detail detail = new RunHistory(home).detail(run);
            file.ifPresent(f -> f.write(page(detail).html()));
            if (common.json) {
                screen.json(json(detail));
            } else {
                show(detail);
            }
        }
        return 0;
    }

    private void show(RunHistory.Detail detail) {
        RunRecord record = detail.run();
        screen.say(
                screen.bold("run " + record.runId())
                        + " of "
                        + record.pipeline()
                        + ": "
                        + RunLines.painted(screen, record.status()));
        String took = RunLines.took(record);
        screen.say(
                "  started "
                        + Screen.time(record.started())
                        + (took.isEmpty() ? "" : ", took " + took)
                        + "; "
                        + record.trigger()
                        + " by "
                        + record.actor());
        screen.say("  " + RunLines.project(record));
        if (record.problem() != null) {
            screen.say("  " + screen.red("problem: ") + record.problem());
        }
        for (ModelVersion version : detail.versions()) {
            screen.say("  made " + screen.bold(version.ref().toString()));
        }
        screen.say("");
        screen.table(
                List.of("step", "stage", "outcome", "took", "key", "attempts", "reason"),
                detail.steps().stream().map(step -> row(detail, step)).toList());
        attempts(detail);
        gates(detail.rulings());
        detail.diagnosis().ifPresent(new DiagnosisView(screen)::whole);
    }

    private List<String> row(RunHistory.Detail detail, StepReport step) {
        int attempts = detail.attempts(step.step()).size();
        return List.of(
                step.step(),
                step.stage(),
                RunLines.painted(screen, step.outcome()),
                RunView.seconds(step.elapsed()),
                step.key() == null ? "" : screen.dim(Screen.brief(step.key())),
                attempts == 0 ? "" : String.valueOf(attempts),
                Objects.requireNonNullElse(step.reason(), ""));
    }

    /** Only where there is more to tell than the steps did: an attempt that did not succeed. */
    private void attempts(RunHistory.Detail detail) {
        List<AttemptReport> told =
                detail.attempts().stream().filter(a -> !a.state().equals("succeeded")).toList();
        if (told.isEmpty()) {
            return;
        }
        screen.say("");
        screen.table(
                List.of("attempt", "state", "reason", "log"),
                told.stream()
                        .map(
                                a ->
                                        List.of(
                                                a.step() + " " + a.number(),
                                                screen.yellow(a.state()),
                                                Objects.requireNonNullElse(a.reason(), ""),
                                                screen.dim(a.log().toString())))
                        .toList());
    }

    private static Page page(RunHistory.Detail detail) {
        RunRecord record = detail.run();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("run", record.runId());
        facts.put("status", record.status().text());
        facts.put("trigger", record.trigger() + " by " + record.actor());
        detail.versions().forEach(version -> facts.put("model", version.ref().toString()));
        List<Item> model = new ArrayList<>();
        List<Item> data = new ArrayList<>();
        for (Ruling ruling : detail.rulings()) {
            (ruling.gate().startsWith(VALIDATE) ? model : data)
                    .add(
                            new Item(
                                    ruling.gate(),
                                    ruling.verdict(),
                                    ruling.value().text(),
                                    ruling.expected(),
                                    message(ruling),
                                    null,
                                    List.of()));
        }
        List<Page.Section> sections = new ArrayList<>();
        sections.add(new Page.Section("Gates of the model", "", model));
        sections.add(new Page.Section("Gates of the data", "", data));
        sections.removeIf(section -> section.items().isEmpty());
        detail.diagnosis().ifPresent(found -> sections.addAll(diagnosis(found)));
        return new Page(record.pipeline(), "Gates of a run", record.started(), facts, sections);
    }

    /** Where a model that was turned down fails. */
    private static List<Page.Section> diagnosis(JsonNode found) {
        String all = DiagnosisView.figure(found.path("loss"));
        String metric = found.path("metric").asString();
        return List.of(
                section(
                        "Slices with the greatest loss",
                        found.path("slices"),
                        slice ->
                                "%s: %s in %s rows, where all rows have %s"
                                        .formatted(
                                                DiagnosisView.name(slice),
                                                DiagnosisView.loss(slice),
                                                slice.path("rows").asString(),
                                                all)),
                section(
                        "Rows that it gets most wrong",
                        found.path("worst"),
                        row ->
                                "row %s is %s, it says %s: %s"
                                        .formatted(
                                                row.path("row").asString(),
                                                row.path("truth").asString(),
                                                row.path("said").asString(),
                                                DiagnosisView.inputs(row.path("inputs")))),
                section(
                        "Columns that it leans on",
                        found.path("importance"),
                        one ->
                                "without %s its %s drops by %s"
                                        .formatted(
                                                one.path("column").asString(),
                                                metric,
                                                DiagnosisView.figure(one.path("drop")))));
    }

    private static Page.Section section(
            String title, JsonNode array, Function<JsonNode, String> words) {
        return new Page.Section(
                title,
                array.valueStream().map(words).collect(Collectors.joining("; ")) + ".",
                List.of());
    }

    private static String message(Ruling ruling) {
        String reason = ruling.verdict() == Verdict.PASS ? "" : ruling.reason();
        return ruling.relaxed() == null || ruling.verdict() == Verdict.SKIPPED
                ? reason
                : (reason + " Relaxed: " + ruling.relaxed() + ".").strip();
    }

    /** Checks of the data are many, and of no interest where they passed. */
    private void gates(List<Ruling> rulings) {
        List<Ruling> told =
                rulings.stream()
                        .filter(r -> r.verdict() != Verdict.PASS || r.gate().startsWith(VALIDATE))
                        .toList();
        if (!told.isEmpty()) {
            screen.say("");
            GateTable.show(screen, told);
        }
        if (told.size() < rulings.size()) {
            screen.say(
                    screen.dim(
                            "%d checks of the data passed."
                                    .formatted(rulings.size() - told.size())));
        }
    }

    private static ObjectNode json(RunHistory.Detail detail) {
        ObjectNode json = RunLines.json(detail.run());
        ArrayNode steps = json.putArray("steps");
        for (StepReport step : detail.steps()) {
            ObjectNode one = RunView.json(step);
            ArrayNode attempts = one.putArray("attempts");
            detail.attempts(step.step()).forEach(a -> attempts.add(RunView.json(a)));
            steps.add(one);
        }
        ArrayNode gates = json.putArray("gates");
        detail.rulings().forEach(r -> gates.add(r.json()));
        detail.diagnosis().ifPresent(found -> json.set("diagnosis", found));
        ArrayNode models = json.putArray("models");
        for (ModelVersion version : detail.versions()) {
            ObjectNode one = models.addObject();
            one.put("name", version.model());
            one.put("version", version.version());
            one.put("stage", version.stage().word());
        }
        return json;
    }
}

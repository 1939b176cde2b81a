package dev.weir.cli;

import dev.weir.project.Home;
import dev.weir.stage.deploy.rollout.Rollout;
import dev.weir.stage.deploy.rollout.RolloutState;
import dev.weir.stage.deploy.rollout.plan.Step;
import dev.weir.stage.deploy.rollout.watch.Finding;
import dev.weir.stage.deploy.rollout.watch.Verdict;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** A rollout, as a person sees it. */
final class RolloutView {
    private final Screen screen;
    private final Home home;

    RolloutView(Screen screen, Home home) {
        this.screen = screen;
        this.home = home;
    }

    /** The rollout, and what each check says of its step. */
    void json(Rollout rollout) {
        ObjectNode json = rollout.json();
        ArrayNode findings = json.putArray("findings");
        home.rollouts().findings(rollout).forEach(finding -> findings.add(finding.json()));
        screen.json(json);
    }

    void show(Rollout rollout) {
        screen.say(
                "%s: %s, %s"
                        .formatted(
                                screen.bold(rollout.endpoint()),
                                said(rollout),
                                painted(screen, rollout)));
        if (!rollout.state().ended()) {
            screen.say("  steps: " + steps(rollout));
        }
        String label = rollout.state().ended() ? "  because of " : "  waits for ";
        rollout.waits().forEach(wait -> screen.say(label + wait));
        List<Finding> findings = home.rollouts().findings(rollout);
        if (!findings.isEmpty() && !rollout.state().ended()) {
            screen.say("");
            screen.table(
                    List.of("check", "verdict", "seen in this step", "expected"),
                    findings.stream().map(this::row).toList());
        }
    }

    private static String said(Rollout rollout) {
        String from =
                rollout.replaces() == null
                        ? ""
                        : " from %s:%d".formatted(rollout.model(), rollout.replaces());
        return switch (rollout.state()) {
            case SMOKE_TEST, SHADOW, CANARY, FLIPPED, FINISHING, PAUSED ->
                    rollout.candidate() + " is to take over" + from;
            case COMPLETED -> rollout.candidate() + " took over" + from;
            case ABORTED, ROLLED_BACK, FAILED -> rollout.candidate() + " did not take over" + from;
        };
    }

    /** Where it stands, in the colour of whether that is good. */
    static String painted(Screen screen, Rollout rollout) {
        return switch (rollout.state()) {
            case SMOKE_TEST, SHADOW, CANARY, FLIPPED, FINISHING -> screen.yellow(rollout.words());
            case PAUSED -> screen.yellow(rollout.words());
            case COMPLETED -> screen.green(rollout.words());
            case ABORTED, ROLLED_BACK, FAILED -> screen.red(rollout.words());
        };
    }

    private String steps(Rollout rollout) {
        List<Step> steps = rollout.plan().steps();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            boolean in = i == rollout.step() && rollout.current().isPresent();
            line.append(i > 0 ? ", " : "");
            line.append(in ? screen.bold("[" + steps.get(i).words() + "]") : steps.get(i).words());
        }
        return steps.isEmpty() ? "a smoke test" : line.toString();
    }

    private List<String> row(Finding finding) {
        return List.of(
                finding.check(),
                painted(finding.verdict()),
                finding.observed(),
                finding.expected());
    }

    private String painted(Verdict verdict) {
        return switch (verdict) {
            case PASS -> screen.green(verdict.words());
            case FAIL -> screen.red(verdict.words());
            case NOT_ENOUGH -> screen.yellow(verdict.words());
        };
    }

    /** 0, or 4 where a version that was to be let through was not. */
    static int exitCode(Rollout rollout) {
        return rollout.state() == RolloutState.FAILED ? 4 : 0;
    }
}

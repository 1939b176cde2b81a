package dev.weir.cli;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.ProblemException;
import dev.weir.project.Doctor;
import dev.weir.project.Project;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code weir doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Looks whether all that Weir needs is there and works: JDK, native libraries, git,"
                    + " and in a project its disk and database.",
            "Exit code: 0 it works, 1 something does not."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  weir doctor", "  weir doctor --json"})
final class DoctorCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    DoctorCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        Doctor doctor = new Doctor(services::home);
        List<Doctor.Finding> findings = new ArrayList<>(services.ownHealth());
        findings.addAll(doctor.machine());
        findings.addAll(home(doctor));
        if (common.json) {
            screen.json(json(findings));
        } else {
            findings.forEach(this::show);
        }
        return fails(findings) ? Kind.REJECTED.exitCode() : 0;
    }

    /** Outside of a project there is no home to look at. */
    private List<Doctor.Finding> home(Doctor doctor) {
        Project project;
        try {
            project = Common.project(services);
        } catch (ProblemException e) {
            return List.of(
                    e.problems().getFirst().code().equals("project.none")
                            ? Doctor.Finding.ok("project", "none here")
                            : Doctor.Finding.fail(
                                    "project", e.problems().getFirst().line(), "Mend weir.yaml."));
        }
        return doctor.home(project);
    }

    private static boolean fails(List<Doctor.Finding> findings) {
        return findings.stream().anyMatch(f -> f.level() == Doctor.Level.FAIL);
    }

    private static String word(Doctor.Finding finding) {
        return finding.level().name().toLowerCase(Locale.ROOT);
    }

    private void show(Doctor.Finding finding) {
        String word = String.format(Locale.ROOT, "%-4s", word(finding));
        String painted =
                switch (finding.level()) {
                    case OK -> screen.green(word);
                    case WARN -> screen.yellow(word);
                    case FAIL -> screen.red(word);
                };
        screen.say(
                painted
                        + "  "
                        + String.format(Locale.ROOT, "%-14s", finding.check())
                        + finding.found());
        if (finding.advice() != null) {
            screen.say(" ".repeat(20) + screen.dim(finding.advice()));
        }
    }

    private static ObjectNode json(List<Doctor.Finding> findings) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("ok", !fails(findings));
        ArrayNode checks = json.putArray("checks");
        for (Doctor.Finding finding : findings) {
            ObjectNode one = checks.addObject();
            one.put("check", finding.check());
            one.put("level", word(finding));
            one.put("found", finding.found());
            one.put("advice", finding.advice());
        }
        return json;
    }
}

package dev.weir.cli;

import dev.weir.ml.registry.Promotion;
import dev.weir.ml.registry.Stage;
import dev.weir.ml.registry.Tenure;
import dev.weir.project.Catalogue;
import dev.weir.project.Home;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code weir models history}. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = {
            "Says what was in production when: from, until, by whom and why; newest first.",
            "Exit code: 0, also where nothing was; 2 no such model."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir models history income",
            "  weir models history income --at 2026-11-01",
            "  weir models history income --at 'last Tuesday' --json | jq '.production[].version'"
        })
final class ModelsHistoryCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "MODEL", description = "The model's name.")
    String model = "";

    @Option(
            names = "--at",
            paramLabel = "DAY",
            description = "Only what was there on that day, or at that moment.")
    @Nullable String at;

    ModelsHistoryCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        Days.Span span =
                at == null
                        ? new Days.Span(Instant.EPOCH, Instant.MAX)
                        : new Days(services.clock(), ZoneId.systemDefault()).span(at);
        try (Home home = services.home(Common.project(services))) {
            List<Tenure> tenures =
                    new Catalogue(home)
                            .tenures(model).stream()
                                    .filter(t -> t.within(span.start(), span.end()))
                                    .toList();
            if (common.json) {
                ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", model);
                ArrayNode list = json.putArray("production");
                tenures.forEach(tenure -> list.add(tenure.json()));
                screen.json(json);
            } else if (tenures.isEmpty()) {
                screen.say(
                        "No version of %s was in production%s."
                                .formatted(model, at == null ? " yet" : ": " + at));
            } else {
                screen.table(
                        List.of("version", "from", "until", "by", "approved by", "why", "ended by"),
                        tenures.stream().map(this::row).toList());
            }
        }
        return 0;
    }

    private List<String> row(Tenure tenure) {
        Promotion entered = tenure.entered();
        Promotion left = tenure.left();
        boolean back = entered.kind() == Promotion.Kind.ROLLBACK;
        return List.of(
                entered.ref().toString(),
                Screen.time(tenure.from()),
                left == null ? screen.green("now") : Screen.time(left.at()),
                entered.actor().toString(),
                String.join(", ", entered.approvals()),
                screen.cut((back ? "rollback " : "") + entered.reason()).strip(),
                left == null ? "" : ended(left));
    }

    private String ended(Promotion left) {
        String what =
                left.to() != Stage.PRODUCTION
                        ? left.to().word()
                        : left.kind() == Promotion.Kind.ROLLBACK
                                ? "rollback to " + left.ref()
                                : left.ref().toString();
        return screen.cut(left.reason().isEmpty() ? what : what + ": " + left.reason());
    }
}

package dev.weir.cli;

import dev.weir.base.problem.Problem;
import dev.weir.ml.registry.VersionRef;
import dev.weir.project.CatalogueEdits;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;

/** {@code weir models tag}. */
@Command(
        name = "tag",
        mixinStandardHelpOptions = true,
        description =
                "Sets tags of a model or of one version, or takes them away; says which it has.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir models tag income:3 reviewed=anna ticket=ML-42",
            "  weir models tag income team=people-analytics     the model",
            "  weir models tag income:3 --remove ticket"
        })
final class ModelsTagCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "income for the model; income:3 or income@production for a version.")
    String model = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "KEY=VALUE",
            description = "A tag; the value is all behind the first =.")
    List<String> tags = List.of();

    @Option(names = "--remove", paramLabel = "KEY", description = "Take this tag away.")
    List<String> remove = List.of();

    ModelsTagCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        VersionRef ref = VersionRef.parse(model);
        Map<String, String> set = new LinkedHashMap<>();
        for (String tag : tags) {
            int equals = tag.indexOf('=');
            if (equals < 1) {
                throw Problem.input("tag.form", "tag: " + tag + " (expected: KEY=VALUE)")
                        .exception();
            }
            set.put(tag.substring(0, equals), tag.substring(equals + 1));
        }
        try (Home home = services.home(Common.project(services))) {
            CatalogueEdits edits = new CatalogueEdits(home);
            edits.tag(ref, set, remove);
            show(
                    ref,
                    ref.pick() instanceof VersionRef.Newest
                            ? edits.tags(ref.model())
                            : edits.tags(ref));
        }
        return 0;
    }

    private void show(VersionRef ref, SortedMap<String, String> now) {
        if (common.json) {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("of", ref.toString());
            ObjectNode all = json.putObject("tags");
            now.forEach(all::put);
            screen.json(json);
        } else if (now.isEmpty()) {
            screen.say(ref + " has no tags.");
        } else {
            screen.table(
                    List.of("tag", "value"),
                    now.entrySet().stream()
                            .map(e -> List.of(e.getKey(), screen.cut(e.getValue())))
                            .toList());
        }
    }
}

package dev.weir.cli;

import dev.weir.ml.gate.Judgement;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.Move;
import dev.weir.ml.registry.VersionRef;
import dev.weir.project.Catalogue;
import dev.weir.project.CatalogueEdits;
import dev.weir.project.Home;
import dev.weir.project.ServingSheet;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code weir models show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows one model version: stage, metrics, recipe, gates, promotions.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir models show income               the newest version",
            "  weir models show income:1",
            "  weir models show income@production --json | jq .recipe.complete"
        })
final class ModelsShowCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "VERSION", description = "income, income:1 or income@production.")
    String version = "";

    ModelsShowCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        VersionRef ref = VersionRef.parse(version);
        try (Home home = services.home(Common.project(services))) {
            Catalogue.Page page = new Catalogue(home).page(ref);
            SortedMap<String, String> tags = new CatalogueEdits(home).tags(page.version().ref());
            if (common.json) {
                screen.json(json(page, tags));
            } else {
                show(page, tags);
            }
        }
        return 0;
    }

    static String missing(ModelVersion version) {
        return version.recipe().missing().stream()
                .map(Link::word)
                .collect(Collectors.joining(", "));
    }

    private void show(Catalogue.Page page, SortedMap<String, String> tags) {
        ModelVersion shown = page.version();
        screen.say(
                screen.bold(shown.ref().toString())
                        + "  "
                        + ModelsVersionsCommand.painted(screen, shown.stage()));
        List<List<String>> lines = new ArrayList<>();
        line(lines, "purpose", shown.description());
        line(lines, "aliases", String.join(", ", page.aliases()));
        line(
                lines,
                "tags",
                tags.entrySet().stream()
                        .map(tag -> tag.getKey() + "=" + screen.cut(tag.getValue()))
                        .collect(Collectors.joining("  ")));
        line(lines, "registered", Screen.time(shown.created()));
        line(lines, "digest", shown.digest() == null ? shown.source() : shown.digest().hex());
        line(lines, "metrics", Headline.all(shown));
        line(lines, "takes", fields(shown.signature().path("inputs")));
        line(lines, "gives", fields(shown.signature().path("outputs")));
        pairs(lines);
        recipe(shown);
        page.judgement().ifPresent(this::gates);
        moves(page.moves());
    }

    private static void line(List<List<String>> lines, String name, String value) {
        if (!value.isEmpty()) {
            lines.add(List.of(name, value));
        }
    }

    /** Names on the left, values on the right, without a head. */
    private void pairs(List<List<String>> lines) {
        int width = lines.stream().mapToInt(line -> line.getFirst().length()).max().orElse(0);
        for (List<String> line : lines) {
            String name = String.format(Locale.ROOT, "  %-" + width + "s  ", line.getFirst());
            screen.say(screen.dim(name) + line.getLast());
        }
    }

    private String fields(JsonNode list) {
        List<String> names =
                list.valueStream().map(field -> field.path("name").asString("")).toList();
        return names.isEmpty() ? "" : names.size() + ": " + screen.cut(String.join(", ", names));
    }

    private void recipe(ModelVersion shown) {
        screen.say("");
        screen.say(
                "recipe: "
                        + (shown.recipe().complete()
                                ? screen.green("complete")
                                : screen.yellow("lacks " + missing(shown))));
        List<List<String>> lines = new ArrayList<>();
        for (Link link : Link.values()) {
            shown.recipe()
                    .link(link)
                    .ifPresent(value -> line(lines, link.word(), RecipeLines.words(link, value)));
        }
        pairs(lines);
    }

    private void gates(Judgement judgement) {
        screen.say("");
        screen.say(
                "gates, judged "
                        + Screen.time(judgement.at())
                        + ": "
                        + (judgement.report().passed()
                                ? screen.green("passed")
                                : screen.red("failed")));
        GateTable.show(screen, judgement.report().rulings());
    }

    private void moves(List<Move> moves) {
        if (moves.isEmpty()) {
            return;
        }
        screen.say("");
        screen.table(
                List.of("moved", "from", "to", "by", "why"),
                moves.stream()
                        .map(
                                move ->
                                        List.of(
                                                Screen.time(move.at()),
                                                move.from().word(),
                                                ModelsVersionsCommand.painted(screen, move.to()),
                                                move.actor().toString(),
                                                move.why()))
                        .toList());
    }

    private static ObjectNode json(Catalogue.Page page, SortedMap<String, String> tags) {
        ObjectNode json = page.version().json();
        page.aliases().forEach(json.putArray("aliases")::add);
        ObjectNode tagged = json.putObject("tags");
        tags.forEach(tagged::put);
        json.set("serving", ServingSheet.of(page.version(), page.judgement()));
        page.judgement()
                .ifPresent(
                        judgement -> {
                            json.put("passed", judgement.report().passed());
                            json.put("judged", judgement.at().toString());
                            json.set("gates", judgement.report().json());
                        });
        ArrayNode promotions = json.putArray("promotions");
        page.promotions().forEach(promotion -> promotions.add(promotion.json()));
        return json;
    }
}

package dev.weir.cli;

import dev.weir.ml.registry.Link;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.stream.Collectors;

/** A link of a recipe in one line, for people. */
final class RecipeLines {
    private static final List<String> TOLD =
            List.of("rounds", "eta", "max_depth", "seed", "nthread");

    private RecipeLines() {}

    static String words(Link link, JsonNode value) {
        return switch (link) {
            case CODE ->
                    text(value, "commit", "commit ")
                            + (value.path("dirty").asBoolean(false) ? " with changes" : "")
                            + text(value, "tree", ", tree ");
            case DATA ->
                    text(value, "dataset", "")
                            + ":"
                            + value.path("version").asString("")
                            + ", %,d rows".formatted(value.path("rows").longValue(0))
                            + text(value, "digest", ", ")
                            + text(value, "holdout", ", held-out table ");
            case FEATURES ->
                    value.path("inputs").size()
                            + " features"
                            + (value.path("exclude").isEmpty()
                                    ? ""
                                    : ", without " + list(value.path("exclude")))
                            + text(value, "target", ", for ");
            case CONFIG ->
                    value.path("trainer").asString("") + " " + settings(value.path("config"));
            case ENVIRONMENT ->
                    "weir "
                            + value.path("weir").asString("")
                            + ", JDK "
                            + value.path("jdk").asString("")
                            + ", "
                            + value.path("os").asString("")
                            + " "
                            + value.path("arch").asString("");
            case RUN -> text(value, "run", "");
        };
    }

    /** What people turn first; the rest is counted. */
    private static String settings(JsonNode config) {
        List<String> shown = TOLD.stream().filter(config::has).toList();
        String words =
                shown.stream()
                        .map(name -> name + "=" + config.path(name).asString(""))
                        .collect(Collectors.joining(" "));
        int more = config.size() - shown.size();
        return more == 0 ? words : words + ", and " + more + " more (--json)";
    }

    private static String text(JsonNode value, String key, String before) {
        String text = value.path(key).asString("");
        return text.isEmpty() ? "" : before + Screen.brief(text);
    }

    private static String list(JsonNode names) {
        return names.valueStream().map(n -> n.asString("")).collect(Collectors.joining(", "));
    }
}

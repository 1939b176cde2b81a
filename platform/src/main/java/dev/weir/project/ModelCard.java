package dev.weir.project;

import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.ModelVersion;

import tools.jackson.databind.JsonNode;

import java.util.Locale;
import java.util.Map;

/** One page about a model version, for the people who get its files. */
final class ModelCard {
    private ModelCard() {}

    /**
     * The page.
     *
     * @param program whether the model is a program rather than a graph
     */
    static String text(ModelVersion version, boolean program) {
        StringBuilder card = new StringBuilder("# " + version.ref() + "\n\n");
        if (!version.description().isBlank()) {
            card.append(version.description()).append("\n\n");
        }
        card.append("Stage when it was exported: ").append(version.stage().word());
        card.append("; registered ").append(version.created()).append(".\n");
        if (!version.metrics().isEmpty()) {
            card.append("\n## On rows that it never saw\n\n| metric | value |\n|---|---|\n");
            for (Map.Entry<String, Double> metric : version.metrics().entrySet()) {
                card.append(
                        String.format(
                                Locale.ROOT,
                                "| %s | %s |\n",
                                metric.getKey(),
                                metric.getValue().isNaN()
                                        ? "undefined"
                                        : String.format(Locale.ROOT, "%.6g", metric.getValue())));
            }
        }
        fields(card, "It takes", version.signature().path("inputs"));
        fields(card, "It gives", version.signature().path("outputs"));
        card.append("\n## What made it\n\n");
        for (Link link : Link.values()) {
            version.recipe()
                    .link(link)
                    .flatMap(value -> value.path("digest").stringValueOpt())
                    .ifPresent(
                            digest -> card.append("- %s: `%s`\n".formatted(link.word(), digest)));
        }
        return card.append(
                        program
                                ? """

                                ## How to use it

                                Run the command of `scorer.json` in this folder, with a port in WEIR_PORT and PORT, and ask it as MLflow's clients
                                do: `POST /invocations` with `{"dataframe_split": {"columns": [], "data": []}}`. `signature.json` names inputs and outputs.
                                """
                                : """

                                ## How to use it

                                `model.onnx` has all preparation inside: give each input as a tensor of shape [rows, 1], numbers as
                                doubles (NaN is missing), texts as strings ("" is missing). `signature.json` names inputs and outputs.
                                """)
                .toString();
    }

    private static void fields(StringBuilder card, String title, JsonNode fields) {
        if (fields.isEmpty()) {
            return;
        }
        card.append("\n## ").append(title).append("\n\n| name | type | seen in training |\n");
        card.append("|---|---|---|\n");
        for (JsonNode field : fields) {
            String seen =
                    field.has("categories")
                            ? field.path("categories").size() + " values"
                            : field.has("min")
                                    ? field.path("min").asString("")
                                            + " to "
                                            + field.path("max").asString("")
                                    : "";
            card.append(
                    "| %s | %s | %s |\n"
                            .formatted(
                                    field.path("name").asString(""),
                                    field.path("datatype").asString(""),
                                    seen));
        }
    }
}

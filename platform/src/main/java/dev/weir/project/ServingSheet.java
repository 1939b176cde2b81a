package dev.weir.project;

import dev.weir.ml.gate.Judgement;
import dev.weir.ml.gate.Observed;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.ModelVersion;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * What somebody who serves a version must know, in one place: an example of a row, what is prepared
 * inside, the threshold, and how fast and how large it was when its gates were judged. All of it is
 * read from what was kept with the version.
 */
public final class ServingSheet {
    private static final String LATENCY = "validate.latency.";
    private static final String FOOTPRINT = "validate.footprint.";

    private ServingSheet() {}

    /**
     * {@code {"example":{},"threshold","preprocessing":{},"latency":{},"footprint":{},"measured"}};
     * what is not known of a version is left out.
     */
    public static ObjectNode of(ModelVersion version, Optional<Judgement> judgement) {
        ObjectNode sheet = JsonNodeFactory.instance.objectNode();
        JsonNode inputs = version.signature().path("inputs");
        if (!inputs.isEmpty()) {
            sheet.set("example", example(inputs));
        }
        if (version.signature().has("threshold")) {
            sheet.set("threshold", version.signature().path("threshold"));
        }
        version.recipe()
                .link(Link.FEATURES)
                .filter(features -> features.has("inputs"))
                .ifPresent(
                        features -> {
                            ObjectNode inside = sheet.putObject("preprocessing");
                            inside.put(
                                    "inside", "the model: it takes columns as the table has them");
                            inside.set("inputs", features.path("inputs"));
                            inside.set("left_out", features.path("left_out"));
                        });
        judgement.ifPresent(judged -> measured(sheet, judged));
        return sheet;
    }

    /**
     * A row that the model takes, made from what training saw: no row of the table, which may be a
     * person's. A number is in the middle of its range, a category the first; a text is a text.
     */
    static ObjectNode example(JsonNode inputs) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        for (JsonNode input : inputs) {
            String name = input.path("name").asString("");
            if (input.has("min")) {
                double min = input.path("min").doubleValue();
                double max = input.path("max").doubleValue();
                double middle = min / 2 + max / 2;
                row.put(name, whole(min) && whole(max) ? Math.floor(middle) : middle);
            } else if (input.has("unit")) {
                row.put(
                        name,
                        input.path("unit").asString("").startsWith("days") ? 20_000 : 1.728e9);
            } else if (input.has("categories")) {
                row.put(name, input.path("categories").path(0).asString(""));
            } else if (input.has("words")) {
                row.put(name, "some words");
            } else {
                row.putNull(name);
            }
        }
        return row;
    }

    private static boolean whole(double value) {
        return value == Math.rint(value);
    }

    private static void measured(ObjectNode sheet, Judgement judged) {
        for (Ruling ruling : judged.report().rulings()) {
            figure(sheet, "latency", LATENCY, ruling);
            figure(sheet, "footprint", FOOTPRINT, ruling);
        }
        if (sheet.has("latency") || sheet.has("footprint")) {
            sheet.put("measured", judged.at().toString());
        }
    }

    private static void figure(ObjectNode sheet, String part, String prefix, Ruling ruling) {
        if (ruling.gate().startsWith(prefix) && ruling.value() instanceof Observed.Figure figure) {
            ObjectNode one =
                    ((ObjectNode) sheet.withObjectProperty(part))
                            .putObject(ruling.gate().substring(prefix.length()));
            one.put("value", figure.number());
            if (!figure.unit().isEmpty()) {
                one.put("unit", figure.unit());
            }
        }
    }
}

package dev.weir.cli;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Where a model that was turned down fails, for a terminal. */
record DiagnosisView(Screen screen) {
    private static final int FEW = 3;

    /** Two lines, below the gates of a run. */
    void brief(JsonNode found) {
        String slices = list(found.path("slices"), slice -> name(slice) + " (" + loss(slice) + ")");
        if (!slices.isEmpty()) {
            screen.say(
                    "  fails most on %s; the loss of all rows is %s"
                            .formatted(slices, figure(found.path("loss"))));
        }
        String columns =
                list(
                        found.path("importance"),
                        one ->
                                one.path("column").asString()
                                        + " ("
                                        + figure(one.path("drop"))
                                        + ")");
        if (!columns.isEmpty()) {
            screen.say(
                    "  leans most on %s, by what %s loses without"
                            .formatted(columns, found.path("metric").asString()));
        }
        screen.say(screen.dim("  the rows that it gets most wrong: weir runs show"));
    }

    private static String list(JsonNode array, Function<JsonNode, String> words) {
        return StreamSupport.stream(array.spliterator(), false)
                .limit(FEW)
                .map(words)
                .collect(Collectors.joining(", "));
    }

    /** All of it, as tables. */
    void whole(JsonNode found) {
        table(
                List.of("fails most on", "rows", "loss", "of all"),
                found.path("slices"),
                slice ->
                        List.of(
                                name(slice),
                                "%,d".formatted(slice.path("rows").longValue()),
                                loss(slice),
                                figure(found.path("loss"))));
        table(
                List.of("most wrong", "truth", "said", "score", "inputs"),
                found.path("worst"),
                row ->
                        List.of(
                                "row " + row.path("row").asString(),
                                row.path("truth").asString(),
                                row.path("said").asString(),
                                figure(row.path("score")),
                                screen.cut(inputs(row.path("inputs")))));
        table(
                List.of("leans on", "drop of " + found.path("metric").asString()),
                found.path("importance"),
                one -> List.of(one.path("column").asString(), figure(one.path("drop"))));
    }

    private void table(List<String> heads, JsonNode array, Function<JsonNode, List<String>> row) {
        if (!array.isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            array.forEach(each -> rows.add(row.apply(each)));
            screen.say("");
            screen.table(heads, rows);
        }
    }

    static String name(JsonNode slice) {
        return slice.path("column").asString() + "=" + slice.path("slice").asString();
    }

    static String loss(JsonNode slice) {
        return figure(slice.path("loss"));
    }

    static String inputs(JsonNode inputs) {
        return inputs.properties().stream()
                .map(e -> e.getKey() + "=" + e.getValue().asString(""))
                .collect(Collectors.joining(" "));
    }

    static String figure(JsonNode number) {
        return number.isNumber()
                ? String.format(Locale.ROOT, "%.4g", number.doubleValue())
                : "undefined";
    }
}

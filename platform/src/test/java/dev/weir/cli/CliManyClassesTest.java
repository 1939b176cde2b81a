package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Every gate of a model, on a model of three classes and on one of numbers. */
class CliManyClassesTest {
    @TempDir Path above;

    /** Journeys: the way is by distance, luggage and town, and the price by all of them. */
    private void journeys(int rows) throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        StringBuilder csv = new StringBuilder("distance,luggage,town,way,price\n");
        for (int i = 0; i < rows; i++) {
            double distance = Math.round(random.nextDouble(0.2, 40) * 10) / 10.0;
            int luggage = random.nextInt(0, 4);
            String town = List.of("Bern", "Oslo", "Rome").get(random.nextInt(3));
            double lean = distance + 3 * luggage + 4 * random.nextDouble();
            String way = lean < 9 ? "foot" : lean < 24 ? "tram" : "train";
            double price = distance * 0.4 + (town.equals("Oslo") ? 5 : 2) + random.nextDouble();
            csv.append("%s,%d,%s,%s,%.2f\n".formatted(distance, luggage, town, way, price));
        }
        Files.writeString(above.resolve("journeys.csv"), csv.toString());
    }

    private Terminal project(String target, String exclude, String gates) throws IOException {
        new Terminal(above)
                .weir(
                        "init",
                        target,
                        "--data",
                        "journeys.csv",
                        "--target",
                        target,
                        "--exclude",
                        exclude)
                .exits(0);
        Terminal terminal = new Terminal(above).in(target);
        Path pipeline = terminal.folder().resolve("pipelines/" + target + ".yaml");
        Files.writeString(
                pipeline,
                Files.readString(pipeline)
                        .replaceFirst("(?s)\nvalidate:.*", "\nvalidate:\n" + gates));
        return terminal;
    }

    private static Map<String, JsonNode> gates(Terminal.Answer run) {
        Map<String, JsonNode> gates = new TreeMap<>();
        run.json().path("gates").forEach(g -> gates.put(g.path("gate").stringValue(), g));
        return gates;
    }

    private static String verdict(Map<String, JsonNode> gates, String gate) {
        return String.valueOf(of(gates, gate).path("verdict").stringValue());
    }

    private static JsonNode of(Map<String, JsonNode> gates, String gate) {
        return Objects.requireNonNull(gates.get(gate), gate + " of " + gates.keySet());
    }

    @Test
    void everyGateJudgesAModelOfThreeClasses() throws IOException {
        journeys(1_500);
        Terminal way =
                project(
                        "way",
                        "price",
                        """
                          metrics:
                            accuracy: {min: 0.7, not_worse_than: production, tolerance: 0.02}
                            roc_auc_ovr: {min: 0.9}
                            f1_macro: {min: 0.99}
                            roc_auc: {min: 0.5, severity: warn}
                          slices: {by: [town], min_rows: 20, metrics: {accuracy: {min: 0.5, max_gap: 0.3}}}
                          regression: {cases: cases.csv, max_churn: 0.3}
                          robustness: {noise: 0.01, missing: 0.05, unseen: 0.2, max_drop: 0.2, max_flip: 0.3}
                          footprint: {memory: 2GiB, model_size: 50MiB}
                          latency: {p99: 10s}
                          custom: {classes: {run: "sh src/judge.sh {{in.predictions}}"}}
                        """);
        Files.writeString(
                way.folder().resolve("cases.csv"),
                "case,distance,luggage,town,way\nnear,0.5,0,Rome,foot\nfar,39,3,Oslo,train\n");
        Files.createDirectories(way.folder().resolve("src"));
        Files.writeString(
                way.folder().resolve("src/judge.sh"),
                """
                head -1 "$1" | grep -q 'decision,p_foot,p_train,p_tram' && v=pass || v=fail
                echo "{\\"verdict\\": \\"$v\\", \\"reason\\": \\"looked at the columns\\"}"
                """);
        Map<String, JsonNode> first = gates(way.weir("run", "--json").exits(1));
        for (String gate :
                List.of(
                        "validate.accuracy.min",
                        "validate.roc_auc_ovr.min",
                        "validate.slices.town=Rome.accuracy.min",
                        "validate.slices.town.accuracy.max_gap",
                        "validate.regression.cases",
                        "validate.robustness.noise.max_drop",
                        "validate.robustness.unseen.max_flip",
                        "validate.footprint.memory",
                        "validate.latency.p99",
                        "validate.custom.classes")) {
            assertThat(verdict(first, gate)).as(gate).isEqualTo("pass");
        }
        assertThat(verdict(first, "validate.f1_macro.min")).isEqualTo("fail");
        assertThat(verdict(first, "validate.roc_auc.min"))
                .as("a metric of two classes")
                .isEqualTo("error");
        assertThat(verdict(first, "validate.accuracy.not_worse_than")).isEqualTo("skipped");
        assertThat(verdict(first, "validate.regression.max_churn")).isEqualTo("skipped");
        JsonNode found = way.weir("runs", "show", "--json").exits(0).json().path("diagnosis");
        assertThat(found.path("metric").stringValue()).isEqualTo("accuracy");
        assertThat(found.path("importance").get(0).path("column").stringValue())
                .isEqualTo("distance");
        assertThat(found.path("worst").get(0).path("truth").stringValue())
                .isNotEqualTo(found.path("worst").get(0).path("said").stringValue());

        Path pipeline = way.folder().resolve("pipelines/way.yaml");
        Files.writeString(
                pipeline, Files.readString(pipeline).replace("f1_macro: {min: 0.99}", ""));
        way.weir("run").exits(0);
        way.weir("promote", "way:1", "production").exits(0);
        Files.writeString(
                way.folder().resolve("configs/training/way.yaml"), "rounds: 1\nmax_depth: 1\n");
        Map<String, JsonNode> worse = gates(way.weir("run", "--json").exits(1));
        assertThat(verdict(worse, "validate.accuracy.not_worse_than")).isEqualTo("fail");
        assertThat(of(worse, "validate.regression.max_churn").path("value").doubleValue())
                .isBetween(0.01, 1.0);
    }

    @Test
    void everyGateThatNumbersHaveJudgesARegression() throws IOException {
        journeys(1_500);
        Terminal price =
                project(
                        "price",
                        "way",
                        """
                          metrics:
                            r2: {min: 0.9, not_worse_than: production, tolerance: 0.001}
                            rmse: {max: 0.0001, severity: warn}
                          slices: {by: [town], metrics: {mae: {max: 2, max_gap: 1}}, fairness: {accuracy_difference: {max: 1}}}
                          regression: {cases: cases.csv, tolerance: 2, max_churn: 0.5}
                          robustness: {noise: 0.01, swap: 0.9, max_drop: 0.2, max_flip: 0.5, severity: warn}
                        """);
        Files.writeString(
                price.folder().resolve("cases.csv"),
                "distance,luggage,town,expected,tolerance\n"
                        + "10,1,Rome,6.5,\n"
                        + "10,1,Oslo,99,\n"
                        + "10,1,Oslo,99,100\n");
        Map<String, JsonNode> gates = gates(price.weir("run", "--json").exits(1));
        assertThat(verdict(gates, "validate.r2.min")).isEqualTo("pass");
        assertThat(verdict(gates, "validate.rmse.max")).isEqualTo("warn");
        assertThat(verdict(gates, "validate.slices.town=Bern.mae.max")).isEqualTo("pass");
        assertThat(verdict(gates, "validate.slices.town.accuracy_difference.max"))
                .as("fairness is of two classes")
                .isEqualTo("error");
        assertThat(verdict(gates, "validate.regression.cases")).isEqualTo("fail");
        assertThat(of(gates, "validate.regression.cases").path("value").stringValue())
                .isEqualTo("1 of 3 differ");
        assertThat(verdict(gates, "validate.robustness.noise.max_drop")).isEqualTo("pass");
        assertThat(verdict(gates, "validate.robustness.swap.max_flip")).isEqualTo("warn");
    }
}

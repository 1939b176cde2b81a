package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.GateReport;
import dev.weir.ml.gate.Rule;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Severity;
import dev.weir.ml.gate.Verdict;
import dev.weir.stage.validate.SeedSpread;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

class SeedGatesTest {
    private static final String PIPELINE = "pipelines/orders.yaml";
    private static final String CONFIG = "configs/training/orders.yaml";

    @TempDir Path above;

    private static Ruling ruling(RunSummary summary, String gate) {
        return summary.rulings().stream()
                .filter(r -> r.gate().equals(gate))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachSeedIsAStepAndTheMeanIsJudged() throws IOException {
        try (TestProject shop = new TestProject(above)) {
            shop.edit(CONFIG, "rounds: 200", "rounds: 20\nsubsample: 0.5");
            shop.edit(PIPELINE, "validate:\n", "validate:\n  seeds: 3\n");
            RunSummary summary = shop.run();
            assertThat(TestProject.executed(summary))
                    .contains(
                            "validate-seed-2",
                            "validate-seed-2-score",
                            "validate-seed-3",
                            "validate-seed-3-score");
            double mean =
                    List.of("validate", "validate-seed-2-score", "validate-seed-3-score").stream()
                            .mapToDouble(
                                    step ->
                                            summary.report()
                                                    .result(step)
                                                    .evidence()
                                                    .path("metrics")
                                                    .path("roc_auc")
                                                    .doubleValue())
                            .average()
                            .orElseThrow();
            Ruling judged = ruling(summary, "validate.roc_auc.min");
            assertThat(judged.verdict()).isEqualTo(Verdict.PASS);
            assertThat(judged.value().figure().orElseThrow()).isEqualTo(mean);
            assertThat(judged.line()).containsPattern("0\\.\\d+ ± 0\\.\\d+ over 3 seeds");
            assertThat(shop.version("orders").metrics().get("roc_auc"))
                    .isNotEqualTo(mean); // the version's own figure stays its own
            assertThat(TestProject.executed(shop.run())).isEmpty();
        }
    }

    @Test
    void whereChanceHasNoPartOneSeedIsEnough() throws IOException {
        try (TestProject shop = new TestProject(above)) {
            shop.edit(CONFIG, "rounds: 200", "rounds: 20");
            shop.edit(PIPELINE, "validate:\n", "validate:\n  seeds: 5\n");
            RunSummary summary = shop.run();
            assertThat(TestProject.executed(summary)).noneMatch(step -> step.contains("seed"));
            assertThat(ruling(summary, "validate.roc_auc.min").reason())
                    .contains("Chance has no part in the training: one seed is enough.");
            // Which is so: another seed gives the same graph.
            shop.edit(CONFIG, "seed: 7", "seed: 8");
            assertThat(shop.run().report().result(Names.TRAIN).output("model"))
                    .isEqualTo(summary.report().result(Names.TRAIN).output("model"));
        }
    }

    private static JsonNode scored(double figure) {
        var json = JsonNodeFactory.instance.objectNode();
        json.putObject("metrics").put("roc_auc", figure);
        return json;
    }

    /** Of 0.90, 0.91, 0.92, 0.93, 0.94: 0.92, 0.0158 and 2.7764 times that by the root of 5. */
    @ParameterizedTest
    @CsvSource({"0.90, PASS", "0.91, WARN", "0.919, WARN", "0.921, FAIL", "0.95, FAIL"})
    void theMeanDecidesAndAnIntervalThatReachesTheBoundWarns(double min, Verdict expected) {
        List<JsonNode> scores =
                DoubleStream.of(0.90, 0.91, 0.92, 0.93, 0.94)
                        .mapToObj(SeedGatesTest::scored)
                        .toList();
        Map<String, Evidence.Item> items =
                SeedSpread.over(
                        Map.of(
                                "roc_auc",
                                new Evidence.Measure(0.90, ""),
                                "roc_auc against production",
                                new Evidence.Difference(
                                        "roc_auc", 0.90, 0.925, "income:1", -0.035, -0.015, 900)),
                        scores);
        Ruling ruling =
                GateReport.judge(
                                List.of(new Rule.AtLeast("g", Severity.ERROR, "roc_auc", min)),
                                new Evidence(items))
                        .rulings()
                        .getFirst();
        assertThat(ruling.verdict()).isEqualTo(expected);
        assertThat(ruling.reason()).contains("0.92 ± 0.0158114 over 5 seeds");
        if (items.get("roc_auc against production") instanceof Evidence.Difference d) {
            Offset<Double> near = Offset.offset(1e-5);
            assertThat(d.candidate()).isEqualTo(0.92, near);
            assertThat(d.low()).isEqualTo(-0.005 - Math.hypot(0.01, 0.019633), near);
            assertThat(d.high()).isEqualTo(-0.005 + Math.hypot(0.01, 0.019633), near);
        }
    }
}

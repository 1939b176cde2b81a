package dev.weir.stage.train.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.base.config.YamlReader;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Task;
import dev.weir.stage.train.parameter.Trainer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.stream.IntStream;

class SweepSettingsTest {
    private static SweepSettings read(Trainer trainer, String sweep) {
        return SweepSettings.of(
                new YamlReader().parse("income.yaml", "sweep: {" + sweep + "}").need("sweep"),
                trainer,
                Task.BINARY);
    }

    private static final String SPACE =
            "space: {max_depth: {int: [3, 10]}, eta: {log: [0.01, 0.3]}, rounds: {log_int: [10,"
                    + " 1000]}, subsample: {real: [0.5, 1]}, grow_policy: [depthwise, lossguide]}";

    @Test
    void theSameSeedDrawsTheSameAndMoreTrialsKeepThoseBefore() {
        List<Configuration> thirty = Draws.of(read(Trainer.XGBOOST, "trials: 30, " + SPACE));
        List<Configuration> sixty = Draws.of(read(Trainer.XGBOOST, "trials: 60, " + SPACE));
        assertThat(sixty).hasSize(60).startsWith(thirty.toArray(Configuration[]::new));
        assertThat(sixty).extracting(Configuration::values).doesNotHaveDuplicates();
        assertThat(thirty.getFirst().values().toString())
                .isEqualTo(FIRST); // pinned: another machine draws the same
        assertThat(Draws.of(read(Trainer.XGBOOST, "seed: 8, trials: 30, " + SPACE)))
                .isNotEqualTo(thirty);
    }

    private static final String FIRST =
            "{\"eta\":0.2156,\"grow_policy\":\"lossguide\",\"max_depth\":5,\"rounds\":141,\"subsample\":0.6505}";

    @Test
    void anotherParameterLeavesTheOthersAlone() {
        List<Configuration> one = Draws.of(read(Trainer.XGBOOST, "space: {eta: {log: [0.01, 1]}}"));
        List<Configuration> two =
                Draws.of(
                        read(
                                Trainer.XGBOOST,
                                "space: {gamma: {real: [0, 1]}, eta: {log: [0.01, 1]}}"));
        assertThat(two)
                .extracting(each -> each.values().path("eta").doubleValue())
                .containsExactlyElementsOf(
                        one.stream().map(each -> each.values().path("eta").doubleValue()).toList());
    }

    @Test
    void drawsFillTheirRangesEvenly() {
        List<Configuration> drawn = Draws.of(read(Trainer.XGBOOST, "trials: 4000, " + SPACE));
        for (int depth = 3; depth <= 10; depth++) {
            int wanted = depth;
            assertThat(drawn)
                    .filteredOn(each -> each.values().path("max_depth").intValue() == wanted)
                    .hasSizeBetween(420, 580);
        }
        assertThat(drawn)
                .filteredOn(each -> each.values().path("rounds").intValue() < 100)
                .hasSizeBetween(1800, 2200);
        assertThat(drawn)
                .allSatisfy(
                        each ->
                                assertThat(each.values().path("eta").doubleValue())
                                        .isBetween(0.01, 0.3))
                .filteredOn(each -> each.values().path("eta").doubleValue() < 0.0548)
                .hasSizeBetween(1850, 2150);
    }

    @Test
    void aSmallSpaceIsTriedWhole() {
        SweepSettings settings =
                read(Trainer.XGBOOST, "space: {max_depth: {int: [3, 5]}, gamma: [0, 1]}");
        assertThat(Draws.of(settings)).hasSize(6);
        assertThat(settings.metricOf(Task.BINARY)).isEqualTo(Metric.ROC_AUC);
    }

    @Test
    void halvingGivesFewerMore() {
        SweepSettings settings =
                read(Trainer.LINEAR, "search: halving, space: {l2: {log: [0.01, 10]}}");
        assertThat(settings.budget()).isEqualTo(SweepSettings.Budget.ROWS);
        assertThat(Rungs.of(settings, 30))
                .extracting(Rungs.Rung::configurations)
                .containsExactly(30, 10, 3);
        assertThat(Rungs.of(settings, 30))
                .extracting(rung -> rung.of(90))
                .containsExactly(10, 30, 90);
        assertThat(IntStream.rangeClosed(1, 3).mapToObj(n -> Rungs.of(settings, n)))
                .allSatisfy(rungs -> assertThat(rungs).hasSize(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    XGBOOST | space: {}                                | nothing to search | max_depth: {int: [3, 10]}
                    XGBOOST | space: {max_dept: {int: [3, 10]}}        | no parameter of the trainer xgboost | Did you mean max_depth?
                    XGBOOST | space: {learning_rate: {log: [0.1, 1]}}  | no parameter of the trainer xgboost | Did you mean eta?
                    XGBOOST | space: {max_depth: {int: [10, 3]}}       | max_depth.int: [10, 3] (expected: the smaller first) | Did you mean [3, 10]?
                    XGBOOST | space: {max_depth: {int: [3, 3]}}        | [3, 3] is one value (expected: two or more) | outside sweep:
                    XGBOOST | space: {gamma: [1]}                      | [1] is one value | outside sweep:
                    XGBOOST | space: {gamma: [1, 1]}                   | names a value twice |
                    XGBOOST | space: {eta: {log: [0, 0.3]}}            | above 0, where orders of magnitude count |
                    XGBOOST | space: {eta: {real: [0.1, 3]}}           | sweep.space.eta: 3.0 (expected: a number, above 0 to 1) |
                    XGBOOST | space: {max_depth: {real: [3, 10]}}      | numbers (expected: whole ones | Say int: or log_int:.
                    XGBOOST | space: {seed: {int: [1, 9]}}             | nothing to search in | luckiest seed
                    XGBOOST | space: {gamma: [a, b]}                   | gamma: |
                    LINEAR  | 'search: halving, budget: rounds, space: {l2: {log: [0.01, 10]}}' | linear has no rounds |
                    XGBOOST | 'search: halving, space: {rounds: {int: [10, 100]}}' | is the budget of the rungs | budget: rows
                    XGBOOST | 'metric: roc_auk, space: {gamma: [0, 1]}' | sweep.metric: roc_auk | Did you mean roc_auc?
                    XGBOOST | 'metric: rmse, space: {gamma: [0, 1]}'   | sweep.metric: rmse |
                    """)
    void whatIsWrongIsSaidWithItsPlace(Trainer trainer, String sweep, String message, String hint) {
        ProblemException thrown =
                catchThrowableOfType(ProblemException.class, () -> read(trainer, sweep));
        Problem problem = thrown.problems().getFirst();
        assertThat(problem.message()).contains(message);
        assertThat(problem.place()).asString().contains("income.yaml:1:");
        if (hint != null) {
            assertThat(problem.hint()).contains(hint);
        }
    }
}

package dev.weir.stage.train.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.stats.Task;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;

class TrainerParametersTest {

    private static TrainerParameters of(String json, @Nullable Task task) {
        return of(Trainer.XGBOOST, json, task);
    }

    private static TrainerParameters of(Trainer trainer, String json, @Nullable Task task) {
        return TrainerParameters.of(trainer, JsonMapper.shared().readTree(json), task);
    }

    @Test
    void defaultsAreFilledInAndRecorded() {
        TrainerParameters parameters = of("{\"eta\":0.3}", Task.REGRESSION);
        assertThat(parameters.whole("rounds")).isEqualTo(200);
        assertThat(parameters.threads()).isEqualTo(2);
        assertThat(parameters.values().get("eta").doubleValue()).isEqualTo(0.3);
        assertThat(parameters.values().get("objective").stringValue())
                .isEqualTo("reg:squarederror");
        assertThat(TrainerParameters.of(Trainer.XGBOOST, parameters.values(), Task.REGRESSION))
                .isEqualTo(parameters);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"eta\":2} | eta: 2 (expected: a number, above 0 to 1)",
                "{\"eta\":\"fast\"} | eta: \"fast\" (expected: a number, above 0 to 1)",
                "{\"max_depth\":6.5} | max_depth: 6.5 (expected: a whole number, 0 to 64)",
                "{\"rounds\":0} | rounds: 0 (expected: a whole number, 1 to 100000)",
                "{\"objective\":\"reg:squarederror\"} | objective: \"reg:squarederror\" (expected:"
                        + " binary:logistic)",
                "{\"monotone\":{\"age\":2}} | monotone: {\"age\":2} (expected: a mapping of columns"
                        + " to 1 or -1)",
                "{\"validation_fraction\":0.9} | validation_fraction: 0.9 (expected: a number, 0.01"
                        + " to 0.5)",
                "{\"grow_policy\":\"up\"} | grow_policy: \"up\" (expected: depthwise or lossguide)"
            })
    void refusesWhatIsOutOfRange(String json, String message) {
        assertThatThrownBy(() -> of(json, Task.BINARY))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessage(message);
    }

    @Test
    void whatDependsOnTheTaskWaitsForIt() {
        assertThat(of("{}", null).values().has("objective")).isFalse();
        assertThat(of("{}", Task.MULTICLASS).values().get("objective").stringValue())
                .isEqualTo("multi:softprob");
        TrainerParameters later =
                TrainerParameters.of(Trainer.XGBOOST, of("{}", null).values(), Task.BINARY);
        assertThat(later).isEqualTo(of("{}", Task.BINARY));
    }

    @ParameterizedTest
    @CsvSource({
        "LINEAR,C,l2",
        "LINEAR,max_iter,max_iterations",
        "FOREST,n_estimators,trees",
        "FOREST,max_dept,max_depth"
    })
    void everyTrainerHasItsOwn(Trainer trainer, String name, String meant) {
        assertThatThrownBy(() -> of(trainer, "{\"" + name + "\":1}", Task.BINARY))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e ->
                                assertThat(e.problems().getFirst().hint())
                                        .isEqualTo("Did you mean " + meant + "?"));
    }

    @ParameterizedTest
    @CsvSource({"max_dept,max_depth", "learning_rate,eta", "n_estimators,rounds", "thread,nthread"})
    void anUnknownNameIsToldWhatWasMeant(String name, String meant) {
        assertThatThrownBy(() -> of("{\"" + name + "\":1}", Task.BINARY))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e ->
                                assertThat(e.problems().stream().map(Problem::hint).toList())
                                        .isEqualTo(List.of("Did you mean " + meant + "?")));
    }
}

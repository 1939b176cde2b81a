package dev.weir.stage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.stats.Task;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;

class XgboostParametersTest {

    private static XgboostParameters of(String json, Task task) {
        return XgboostParameters.of(JsonMapper.shared().readTree(json), task);
    }

    @Test
    void defaultsAreFilledInAndRecorded() {
        XgboostParameters parameters = of("{\"eta\":0.3}", Task.REGRESSION);
        assertThat(parameters.rounds()).isEqualTo(200);
        assertThat(parameters.threads()).isEqualTo(2);
        assertThat(parameters.values().get("eta").doubleValue()).isEqualTo(0.3);
        assertThat(parameters.values().get("objective").stringValue())
                .isEqualTo("reg:squarederror");
        assertThat(parameters.forLibrary())
                .containsEntry("max_depth", "6")
                .containsEntry("tree_method", "hist")
                .doesNotContainKey("rounds");
        assertThat(XgboostParameters.of(parameters.values(), Task.REGRESSION))
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
                "{\"grow_policy\":\"up\"} | grow_policy: \"up\" (expected: depthwise or lossguide)"
            })
    void refusesWhatIsOutOfRange(String json, String message) {
        assertThatThrownBy(() -> of(json, Task.BINARY))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessage(message);
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

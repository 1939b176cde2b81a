package dev.weir.ml.stats.fair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.ml.stats.ReferenceCases;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;

class FairnessTest {
    @Test
    void asFairlearnMeasuresIt() throws IOException {
        JsonNode reference = ReferenceCases.metrics("fairness");
        JsonNode list = reference.path("group");
        String[] groups = new String[list.size()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = list.get(i).stringValue();
        }
        double[] scores = ReferenceCases.numbers(reference.path("y_score"));
        boolean[] truth = ReferenceCases.flags(reference.path("y_true"));
        double threshold = reference.path("threshold").doubleValue();
        JsonNode expected = reference.path("expected");

        Fairness all = Fairness.of(scores, truth, null, groups, threshold, 1);
        expected.path("per_group")
                .properties()
                .forEach(e -> same(all.rates(e.getKey()).json(), e.getValue()));
        same(all.gapsJson(), expected.path("all"));
        assertThat(all.skipped()).isEmpty();
        Fairness thirty = Fairness.of(scores, truth, null, groups, threshold, Fairness.FEWEST);
        same(thirty.gapsJson(), expected.path("min_group_30"));
        assertThat(thirty.skipped()).containsExactly("C");
    }

    private static void same(ObjectNode actual, JsonNode expected) {
        actual.properties()
                .forEach(
                        e -> {
                            JsonNode value = expected.path(e.getKey());
                            if (value.isNumber()) {
                                assertThat(e.getValue().doubleValue())
                                        .as(e.getKey())
                                        .isCloseTo(value.doubleValue(), within(1e-12));
                            } else if (!value.isMissingNode()) {
                                assertThat(e.getValue().isNull()).as(e.getKey()).isTrue();
                            }
                        });
        assertThat(actual.propertyNames()).containsAll(names(expected));
    }

    private static java.util.List<String> names(JsonNode expected) {
        return expected.propertyNames().stream().filter(n -> !n.equals("groups")).toList();
    }

    @Test
    void oneGroupHasNoGapAndNobodySelectedHasNoRatio() {
        double[] low = {0.1, 0.2, 0.1, 0.2};
        boolean[] truth = {true, false, true, false};
        Fairness one = Fairness.of(low, truth, null, new String[] {"a", "a", "a", "a"}, 0.5, 1);
        assertThat(one.demographicParity().difference()).isNaN();
        Fairness two = Fairness.of(low, truth, null, new String[] {"a", "a", "b", "b"}, 0.5, 1);
        assertThat(two.demographicParity().difference()).isZero();
        assertThat(two.demographicParity().ratio()).isNaN();
        assertThat(two.gapsJson().path("demographic_parity_ratio").isNull()).isTrue();
    }

    @Test
    void aWeightCountsARowAsOftenAsItSays() {
        double[] scores = {0.9, 0.2, 0.8, 0.1};
        boolean[] truth = {true, true, false, false};
        String[] groups = {"a", "a", "b", "b"};
        Fairness weighted = Fairness.of(scores, truth, new double[] {3, 1, 1, 0}, groups, 0.5, 1);
        assertThat(weighted.rates("a").count()).isEqualTo(2);
        assertThat(weighted.rates("a").selectionRate()).isEqualTo(0.75);
        assertThat(weighted.rates("b").falsePositiveRate()).isEqualTo(1);
        assertThat(weighted.demographicParity().difference()).isEqualTo(0.25);
    }
}

package dev.weir.ml.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ml.gate.Evidence.Item;
import dev.weir.ml.gate.Evidence.Measure;
import dev.weir.ml.gate.Evidence.Reference;
import dev.weir.ml.gate.Evidence.Tally;
import dev.weir.ml.gate.Evidence.TooLittle;
import dev.weir.ml.gate.Evidence.Undefined;
import dev.weir.ml.gate.Rule.AtLeast;
import dev.weir.ml.gate.Rule.AtMost;
import dev.weir.ml.gate.Rule.Better;
import dev.weir.ml.gate.Rule.Holds;
import dev.weir.ml.gate.Rule.NotWorseThan;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Random;

class GateTest {
    private static final AtLeast AUC =
            new AtLeast("validate.roc_auc.min", Severity.ERROR, "roc_auc", 0.9);
    private static final NotWorseThan LOSS =
            new NotWorseThan(
                    "validate.log_loss.not_worse_than",
                    Severity.ERROR,
                    "log_loss",
                    Better.LOWER,
                    "production",
                    0.01);

    @Test
    void showsTheValueAndWhatWasExpected() {
        Ruling ruling = AUC.judge(evidence("roc_auc", new Measure(0.871, "")));
        assertThat(ruling.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(ruling.line()).isEqualTo("validate.roc_auc.min: 0.871 (expected: >= 0.9)");
        assertThat(ruling.reason()).isEqualTo("roc_auc is 0.871 (expected: >= 0.9).");
        assertThat(ruling.json().toString())
                .isEqualTo(
                        """
                        {"gate":"validate.roc_auc.min","verdict":"fail","value":0.871,\
                        "expected":">= 0.9","severity":"error",\
                        "reason":"roc_auc is 0.871 (expected: >= 0.9)."}\
                        """);
    }

    @Test
    void boundsAreInclusive() {
        assertThat(AUC.judge(evidence("roc_auc", new Measure(0.9, ""))).verdict())
                .isEqualTo(Verdict.PASS);
        AtMost p95 = new AtMost("validate.latency.p95", Severity.WARN, "latency.p95", 3);
        assertThat(p95.judge(evidence("latency.p95", new Measure(3, "ms"))).verdict())
                .isEqualTo(Verdict.PASS);
        Ruling slow = p95.judge(evidence("latency.p95", new Measure(3.25, "ms")));
        assertThat(slow.verdict()).isEqualTo(Verdict.WARN);
        assertThat(slow.line()).isEqualTo("validate.latency.p95: 3.25 ms (expected: <= 3 ms)");
    }

    @Test
    void whatCannotBeEvaluatedIsAnErrorAndNeverAPass() {
        for (Item item :
                List.of(
                        new Measure(Double.NaN, ""),
                        new Measure(Double.POSITIVE_INFINITY, ""),
                        new Undefined("the holdout has one class"),
                        new Tally(0, 10, "0", "0"))) {
            Ruling ruling = AUC.judge(evidence("roc_auc", item));
            assertThat(ruling.verdict()).as("%s", item).isEqualTo(Verdict.ERROR);
            assertThat(ruling.stops()).isTrue();
        }
        assertThat(AUC.judge(Evidence.of(Map.of())).reason())
                .isEqualTo("roc_auc is not in the evidence.");
        assertThat(
                        AUC.judge(evidence("roc_auc", new Undefined("the holdout has one class")))
                                .reason())
                .isEqualTo("roc_auc is undefined, because the holdout has one class.");
    }

    @Test
    void aFirstVersionHasNothingToCompareWithAndIsLetThrough() {
        Ruling ruling = LOSS.judge(evidence("log_loss", new Measure(0.3, "")));
        assertThat(ruling.verdict()).isEqualTo(Verdict.SKIPPED);
        assertThat(ruling.reason())
                .isEqualTo("There is no version in production to compare log_loss with.");
        assertThat(new GateReport(List.of(ruling)).passed()).isTrue();
    }

    @Test
    void comparesWithProductionWithinTheTolerance() {
        Reference production =
                new Reference("income:2 (production)", Map.of("log_loss", new Measure(0.30, "")));
        Evidence same = evidence("log_loss", new Measure(0.31, "")).with("production", production);
        assertThat(LOSS.judge(same).verdict()).isEqualTo(Verdict.PASS);
        Evidence worse =
                evidence("log_loss", new Measure(0.312, "")).with("production", production);
        assertThat(LOSS.judge(worse).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(LOSS.judge(worse).expected())
                .isEqualTo("<= 0.3 of income:2 (production), give or take 0.01");
        Evidence undefined =
                evidence("log_loss", new Measure(0.1, ""))
                        .with("production", new Reference("income:2 (production)", Map.of()));
        assertThat(LOSS.judge(undefined).verdict()).isEqualTo(Verdict.ERROR);
    }

    @Test
    void tooLittleDataIsSkippedAndSaysSo() {
        Ruling ruling =
                AUC.judge(evidence("roc_auc", new TooLittle("the slice has 12 of 200 rows")));
        assertThat(ruling.verdict()).isEqualTo(Verdict.SKIPPED);
        assertThat(ruling.reason())
                .isEqualTo("roc_auc was not measured, because the slice has 12 of 200 rows.");
    }

    @Test
    void countedChecksAreMappedByName() {
        Holds age = new Holds("ingest.age.min", Severity.ERROR, "age.min", 0);
        Ruling bad = age.judge(evidence("age.min", new Tally(3, 100, "-3", ">= 0")));
        assertThat(bad.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(bad.reason()).isEqualTo("age.min is -3 (expected: >= 0); 3 of 100 differ.");
        Holds lenient = new Holds("ingest.age.min", Severity.ERROR, "age.min", 0.03);
        assertThat(lenient.judge(evidence("age.min", new Tally(3, 100, "-3", ">= 0"))).verdict())
                .isEqualTo(Verdict.PASS);
        assertThat(age.judge(evidence("age.min", new Tally(0, 0, "none", ">= 0"))).verdict())
                .isEqualTo(Verdict.SKIPPED);
        assertThatThrownBy(() -> new Holds("g", Severity.ERROR, "c", 1))
                .hasMessage("allowedShare: 1.0 (expected: from 0 to below 1)");
    }

    @Test
    void onlyFailuresOfRulesThatDoNotOnlyWarnStopTheWork() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            List<Ruling> rulings =
                    random.ints(random.nextInt(6), 0, 10)
                            .mapToObj(
                                    i ->
                                            new Ruling(
                                                    "g" + i,
                                                    Severity.values()[i % 2],
                                                    Verdict.values()[i / 2],
                                                    new Observed.Nothing(),
                                                    "",
                                                    "",
                                                    null))
                            .toList();
            boolean stops =
                    rulings.stream()
                            .anyMatch(
                                    r ->
                                            r.severity() == Severity.ERROR
                                                    && List.of(Verdict.FAIL, Verdict.ERROR)
                                                            .contains(r.verdict()));
            GateReport report = new GateReport(rulings);
            assertThat(report.passed()).as("seed %d: %s", seed, rulings).isEqualTo(!stops);
            assertThat(report.stopping().isEmpty()).isEqualTo(!stops);
        }
    }

    @Test
    void figuresAreShownBriefly() {
        assertThat(Figures.text(0.1 + 0.2, "")).isEqualTo("0.3");
        assertThat(Figures.text(1234567.8, "rows")).isEqualTo("1234570 rows");
        assertThat(Figures.text(1e-9, "")).isEqualTo("1E-9");
        assertThat(Figures.text(0, "")).isEqualTo("0");
        assertThat(Figures.text(Double.NaN, "")).isEqualTo("NaN");
    }

    @Test
    void evidenceHasOneDigestWhateverItsOrder() {
        Evidence one =
                Evidence.of(
                        Map.of(
                                "a", new Measure(Double.NaN, "ms"),
                                "b", new Tally(1, 2, "3", ">= 4"),
                                "c", new Undefined("x"),
                                "d", new TooLittle("x")));
        assertThat(one.digest()).isEqualTo(new Evidence(one.items(), Map.of()).digest());
        Evidence other = one.with("production", new Reference("income:1", one.items()));
        assertThat(other.digest()).isNotEqualTo(one.digest());
        assertThat(evidence("a", new Undefined("x")).digest())
                .isNotEqualTo(evidence("a", new TooLittle("x")).digest());
    }

    private static Evidence evidence(String name, Item item) {
        return Evidence.of(Map.of(name, item));
    }
}

package dev.weir.ml.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ml.gate.Evidence.Difference;
import dev.weir.ml.gate.Evidence.Item;
import dev.weir.ml.gate.Evidence.Measure;
import dev.weir.ml.gate.Evidence.Opinion;
import dev.weir.ml.gate.Evidence.Tally;
import dev.weir.ml.gate.Evidence.TooLittle;
import dev.weir.ml.gate.Evidence.Undefined;
import dev.weir.ml.gate.Rule.AtLeast;
import dev.weir.ml.gate.Rule.AtMost;
import dev.weir.ml.gate.Rule.Better;
import dev.weir.ml.gate.Rule.Holds;
import dev.weir.ml.gate.Rule.NotWorseThan;
import dev.weir.ml.gate.Rule.Says;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

class GateTest {
    private static final AtLeast AUC =
            new AtLeast("validate.roc_auc.min", Severity.ERROR, "roc_auc", 0.9);
    private static final NotWorseThan LOSS =
            new NotWorseThan(
                    "validate.log_loss.not_worse_than",
                    Severity.ERROR,
                    "log_loss against production",
                    Better.LOWER,
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
        assertThat(AUC.judge(new Evidence(Map.of())).reason())
                .isEqualTo("roc_auc is not in the evidence.");
        assertThat(
                        AUC.judge(evidence("roc_auc", new Undefined("the holdout has one class")))
                                .reason())
                .isEqualTo("roc_auc is undefined, because the holdout has one class.");
    }

    @Test
    void aFirstVersionHasNothingToCompareWithAndIsLetThrough() {
        Ruling ruling =
                LOSS.judge(
                        evidence(
                                "log_loss against production",
                                new TooLittle("there is no version in production")));
        assertThat(ruling.verdict()).isEqualTo(Verdict.SKIPPED);
        assertThat(ruling.reason())
                .isEqualTo(
                        "log_loss against production was not measured, because there is no version"
                                + " in production.");
        assertThat(new GateReport(List.of(ruling)).passed()).isTrue();
        assertThat(LOSS.judge(new Evidence(Map.of())).verdict()).isEqualTo(Verdict.ERROR);
    }

    @Test
    void worseThanProductionCountsOnlyBeyondTheToleranceAndBeyondChance() {
        assertThat(loss(0.31, -0.01, 0.03).verdict()).isEqualTo(Verdict.PASS);
        Ruling chance = loss(0.32, -0.005, 0.045);
        assertThat(chance.verdict()).isEqualTo(Verdict.PASS);
        assertThat(chance.reason())
                .isEqualTo(
                        "On the same 1,000 rows the difference of log_loss lies between -0.005 and"
                                + " 0.045 in 95 of 100 draws: it may be chance.");
        Ruling worse = loss(0.34, 0.02, 0.06);
        assertThat(worse.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(worse.reason()).endsWith("it is no chance.");
        assertThat(loss(0.312, Double.NaN, Double.NaN).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(loss(0.1, -0.3, -0.1).verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void ofAMetricThatShouldBeHighTheOtherSideOfTheIntervalDecides() {
        NotWorseThan auc = new NotWorseThan("g", Severity.ERROR, "auc", Better.HIGHER, 0);
        Difference chance = new Difference("auc", 0.90, 0.91, "m:1", -0.03, 0.01, 99);
        Difference worse = new Difference("auc", 0.90, 0.91, "m:1", -0.03, -0.001, 99);
        assertThat(auc.judge(evidence("auc", chance)).verdict()).isEqualTo(Verdict.PASS);
        assertThat(auc.judge(evidence("auc", worse)).verdict()).isEqualTo(Verdict.FAIL);
    }

    private static Ruling loss(double candidate, double low, double high) {
        return LOSS.judge(
                evidence(
                        "log_loss against production",
                        new Difference(
                                "log_loss",
                                candidate,
                                0.3,
                                "income:2 (production)",
                                low,
                                high,
                                1_000)));
    }

    @Test
    void aProgramsOwnVerdictIsTakenAndOnlyWarnsWhereItShould() {
        for (Verdict verdict : Verdict.values()) {
            Opinion said =
                    new Opinion(verdict, new Observed.Figure(3, ""), "<= 2", "Three are too many.");
            Ruling stops = new Says("g", Severity.ERROR, "fair").judge(evidence("fair", said));
            assertThat(stops.verdict()).isEqualTo(verdict);
            assertThat(stops.line()).isEqualTo("g: 3 (expected: <= 2)");
            Ruling warns = new Says("g", Severity.WARN, "fair").judge(evidence("fair", said));
            assertThat(warns.verdict()).isEqualTo(verdict == Verdict.FAIL ? Verdict.WARN : verdict);
        }
        assertThat(new Says("g", Severity.ERROR, "fair").judge(new Evidence(Map.of())).verdict())
                .isEqualTo(Verdict.ERROR);
    }

    @Test
    void aGateThatAsksForLessThanBeforeIsMarked() {
        GateReport before = report(0.92, 3, Severity.ERROR);
        assertThat(report(0.92, 3, Severity.ERROR).since(before, "income:2").rulings())
                .allSatisfy(ruling -> assertThat(ruling.relaxed()).isNull());
        assertThat(report(0.95, 2, Severity.ERROR).since(before, "income:2").rulings())
                .allSatisfy(ruling -> assertThat(ruling.relaxed()).isNull());
        GateReport easier = report(0.9, 4, Severity.WARN).since(before, "income:2");
        assertThat(easier.rulings())
                .extracting(Ruling::relaxed)
                .containsExactly(
                        "income:2 was asked for >= 0.92",
                        "income:2 was asked for <= 3 ms, and stopped by it");
        GateReport fewer = new GateReport(before.rulings().subList(0, 1)).since(before, "income:2");
        Ruling gone = fewer.rulings().getLast();
        assertThat(gone.verdict()).isEqualTo(Verdict.SKIPPED);
        assertThat(gone.reason())
                .isEqualTo("Nobody asks for it any more; income:2 was asked for <= 3 ms.");
        assertThat(fewer.since(fewer, "income:3").rulings()).hasSize(2);
        assertThat(new GateReport(List.of()).since(fewer, "income:3").rulings()).hasSize(1);
    }

    private static GateReport report(double auc, double millis, Severity latency) {
        return GateReport.judge(
                List.of(
                        new AtLeast("validate.roc_auc.min", Severity.ERROR, "roc_auc", auc),
                        new AtMost("validate.latency.p95", latency, "latency.p95", millis)),
                new Evidence(
                        Map.of(
                                "roc_auc", new Measure(0.93, ""),
                                "latency.p95", new Measure(1, "ms"))));
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
        assertThat(bad.reason()).isEqualTo("age.min: -3 (expected: >= 0).");
        assertThat(bad.line()).isEqualTo("ingest.age.min: 3 of 100 differ (expected: none)");
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
                new Evidence(
                        Map.of(
                                "a", new Measure(Double.NaN, "ms"),
                                "b", new Tally(1, 2, "3", ">= 4"),
                                "c", new Undefined("x"),
                                "d", new TooLittle("x")));
        assertThat(one.digest()).isEqualTo(new Evidence(new TreeMap<>(one.items())).digest());
        assertThat(evidence("a", new Undefined("x")).digest())
                .isNotEqualTo(evidence("a", new TooLittle("x")).digest());
    }

    private static Evidence evidence(String name, Item item) {
        return new Evidence(Map.of(name, item));
    }
}

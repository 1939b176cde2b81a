package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.ml.stats.ReferenceCases;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class EvaluateTest {
    @TempDir Path folder;
    private Terminal terminal;

    @BeforeEach
    void open() {
        terminal = new Terminal(folder);
    }

    private void write(String... lines) throws IOException {
        Files.write(folder.resolve("p.csv"), List.of(lines));
    }

    private JsonNode evaluated(String... options) {
        List<String> words = new ArrayList<>(List.of("evaluate", "p.csv", "--json"));
        words.addAll(List.of(options));
        return terminal.weir(words.toArray(String[]::new)).exits(0).json();
    }

    @Test
    void binaryScoresAreMeasuredAsScikitLearnMeasuresThem() throws IOException {
        for (JsonNode each : ReferenceCases.file("metrics_reference.json").path("cases")) {
            if (!each.path("kind").stringValue().equals("binary")) {
                continue;
            }
            boolean weighted = !each.path("sample_weight").isNull();
            List<String> lines = new ArrayList<>(List.of("y,p,w"));
            for (int i = 0; i < each.path("y_true").size(); i++) {
                lines.add(
                        each.path("y_true").get(i)
                                + ","
                                + each.path("y_score").get(i)
                                + ","
                                + (weighted ? each.path("sample_weight").get(i) : 1));
            }
            write(lines.toArray(String[]::new));
            JsonNode answer =
                    evaluated(
                            "--truth",
                            "y",
                            "--score",
                            "p",
                            "--weight",
                            "w",
                            "--threshold",
                            each.path("threshold").toString());
            JsonNode metrics = answer.path("metrics");
            JsonNode expected = each.path("expected");
            String name = each.path("name").stringValue();
            assertThat(answer.path("task").stringValue()).as(name).isEqualTo("binary");
            for (String metric :
                    List.of(
                            "accuracy",
                            "precision",
                            "recall",
                            "f1",
                            "roc_auc",
                            "average_precision",
                            "log_loss",
                            "brier")) {
                if (expected.path(metric).isNull()) {
                    assertThat(metrics.path(metric).isNull()).as(name + " " + metric).isTrue();
                } else {
                    assertThat(metrics.path(metric).doubleValue())
                            .as(name + " " + metric)
                            .isCloseTo(expected.path(metric).doubleValue(), within(1e-9));
                }
            }
            JsonNode confusion = answer.path("confusion");
            JsonNode cells = expected.path("confusion_tn_fp_fn_tp");
            assertThat(confusion.get(0).get(1).doubleValue())
                    .isCloseTo(cells.get(1).doubleValue(), within(1e-9));
            assertThat(confusion.get(1).get(0).doubleValue())
                    .isCloseTo(cells.get(2).doubleValue(), within(1e-9));
        }
    }

    @Test
    void classesAreMeasuredByTheirDecisionsAndHaveNoRocWithoutProbabilities() throws IOException {
        write("y,c", "cat,cat", "dog,cat", "dog,dog", "cow,cow", "cow,cow", "cat,dog", ",dog");
        JsonNode answer = evaluated("--truth", "y", "--prediction", "c");
        assertThat(answer.path("task").stringValue()).isEqualTo("multiclass");
        assertThat(answer.path("rows").intValue()).isEqualTo(6);
        assertThat(answer.path("rows_without_truth").intValue()).isEqualTo(1);
        assertThat(answer.path("metrics").path("accuracy").doubleValue())
                .isCloseTo(4 / 6.0, within(1e-12));
        assertThat(answer.path("metrics").path("log_loss").isNull()).isTrue();
        assertThat(answer.path("classes").toString()).isEqualTo("[\"cat\",\"cow\",\"dog\"]");
        assertThat(answer.path("confusion").toString()).isEqualTo("[[1,0,1],[0,2,0],[1,0,1]]");
    }

    @Test
    void probabilitiesOfManyClassesAreMeasuredAsScikitLearnMeasuresThem() throws IOException {
        int cases = 0;
        for (JsonNode each : ReferenceCases.file("metrics_reference.json").path("cases")) {
            if (!each.path("kind").stringValue().equals("multiclass")) {
                continue;
            }
            cases++;
            StringBuilder head = new StringBuilder("y,w");
            each.path("labels").forEach(label -> head.append(",p_").append(label.stringValue()));
            List<String> lines = new ArrayList<>(List.of(head.toString()));
            for (int i = 0; i < each.path("y_true").size(); i++) {
                StringBuilder line = new StringBuilder(each.path("y_true").get(i).stringValue());
                line.append(",2.5");
                each.path("y_proba").get(i).forEach(p -> line.append(',').append(p));
                lines.add(line.toString());
            }
            write(lines.toArray(String[]::new));
            JsonNode expected = each.path("expected");
            JsonNode alike = evaluated("--truth", "y", "--score", "p_*");
            JsonNode weighted = evaluated("--truth", "y", "--score", "p_*", "--weight", "w");
            for (String metric : List.of("accuracy", "log_loss", "mcc", "top2_accuracy")) {
                assertThat(alike.path("metrics").path(metric).doubleValue())
                        .as(metric)
                        .isCloseTo(expected.path(metric).doubleValue(), within(1e-9));
                assertThat(weighted.path("metrics").path(metric).doubleValue())
                        .as("%s, all rows of one weight", metric)
                        .isCloseTo(expected.path(metric).doubleValue(), within(1e-9));
            }
            JsonNode area = expected.path("roc_auc_ovr_macro");
            assertThat(alike.path("metrics").path("roc_auc_ovr").isNull()).isEqualTo(area.isNull());
            if (!area.isNull()) {
                assertThat(alike.path("metrics").path("roc_auc_ovr").doubleValue())
                        .isCloseTo(area.doubleValue(), within(1e-9));
            }
        }
        assertThat(cases).isPositive();
    }

    @Test
    void aTruthWithoutAColumnOfProbabilitiesIsToldWithItsRow() throws IOException {
        write("y,p_cat,p_dog", "cat,0.9,0.1", "cow,0.2,0.8");
        assertThat(
                        terminal.weir("evaluate", "p.csv", "--truth", "y", "--score", "p_*")
                                .exits(2)
                                .err())
                .contains("y: row 2 is cow, which has no column of probabilities");
        assertThat(
                        terminal.weir("evaluate", "p.csv", "--truth", "y", "--score", "q_*")
                                .exits(2)
                                .err())
                .contains("--score q_*: 0 columns are called so");
    }

    @Test
    void aRegressionWithOneRowHasNoR2() throws IOException {
        write("y,p", "3.5,3.0");
        JsonNode metrics =
                evaluated("--truth", "y", "--score", "p", "--task", "regression").path("metrics");
        assertThat(metrics.path("r2").isNull()).isTrue();
        assertThat(metrics.path("mae").doubleValue()).isEqualTo(0.5);
    }

    @Test
    void groupsAreMeasuredApartAndSmallOnesAreInNoGap() throws IOException {
        List<String> lines = new ArrayList<>(List.of("y,p,sex"));
        for (int i = 0; i < 200; i++) {
            lines.add((i % 2) + "," + (i % 4 == 1 ? 0.9 : 0.2) + "," + (i % 3 == 0 ? "F" : "M"));
        }
        lines.add("1,0.9,X");
        write(lines.toArray(String[]::new));
        JsonNode answer = evaluated("--truth", "y", "--score", "p", "--group", "sex");
        assertThat(answer.path("groups").propertyNames()).containsExactly("F", "M", "X");
        assertThat(answer.path("groups").path("F").path("rates").path("tpr").isNumber()).isTrue();
        assertThat(answer.path("fairness").path("skipped_groups").toString()).isEqualTo("[\"X\"]");
        assertThat(
                        terminal.weir(
                                        "evaluate",
                                        "p.csv",
                                        "--truth",
                                        "y",
                                        "--score",
                                        "p",
                                        "--group",
                                        "sex")
                                .exits(0)
                                .out())
                .contains("gaps: selection", "not in the gaps, for fewer than 30 rows: X");
    }

    @Test
    void decisionsOfWordsNeedToKnowWhichIsTheYes() throws IOException {
        write("y,p", "good,0.9", "bad,0.2", "good,0.7", "bad,0.8");
        assertThat(
                        terminal.weir("evaluate", "p.csv", "--truth", "y", "--score", "p")
                                .exits(2)
                                .err())
                .contains("--positive");
        assertThat(
                        evaluated("--truth", "y", "--score", "p", "--positive", "good")
                                .path("metrics")
                                .path("roc_auc")
                                .doubleValue())
                .isEqualTo(0.75);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--truth z --score p | z: no such column",
                "--truth y | neither a score nor a prediction",
                "--truth y --score word | word: ",
                "--truth y --score holes | row 2 is missing",
                "--truth y --score big | big: row 1 is 3.0 (expected: 0 to 1)",
                "--truth y --score p --task both | expected: binary",
                "--truth word --score p --task binary | expected: two",
                "--truth y --score p --weight minus | minus: row 1 is -1.0 (expected: 0 or more)",
                "--truth none --score p | no row has a truth"
            })
    void badInputLeavesWithTwo(String options, String told) throws IOException {
        write(
                "y,p,word,holes,big,none,minus",
                "1,0.5,a,0.5,3,,-1",
                "0,0.1,b,,0.5,,2",
                "1,0.7,c,0.3,0.1,,3");
        List<String> words = new ArrayList<>(List.of("evaluate", "p.csv"));
        words.addAll(List.of(options.strip().split(" ")));
        Terminal.Answer answer = terminal.weir(words.toArray(String[]::new));
        assertThat(answer.exits(2).err()).contains(told.strip());
    }
}

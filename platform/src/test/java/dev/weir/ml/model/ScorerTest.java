package dev.weir.ml.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.stats.Task;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

class ScorerTest {

    @ParameterizedTest
    @CsvSource({"1,5,3", "2,4,0", "3,0,3", "4,1,0", "5,0,1", "6,12,9"})
    void probabilitiesAgreeWithXgboost(long seed, int numbers, int categories) throws Exception {
        Example example = Example.fit(seed, Task.BINARY, numbers, categories, 5000);
        try (OnnxScorer scorer = OnnxScorer.open(example.model())) {
            float[] scores = scorer.score(example.columns());
            for (int i = 0; i < scores.length; i++) {
                assertThat(scores[i])
                        .as("seed %d, row %d", seed, i)
                        .isCloseTo(example.predictions()[i], within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void regressionAgreesWithXgboost(long seed) throws Exception {
        Example example = Example.fit(seed, Task.REGRESSION, 4, 2, 3000);
        try (OnnxScorer scorer = OnnxScorer.open(example.model())) {
            float[] scores = scorer.score(example.columns());
            for (int i = 0; i < scores.length; i++) {
                float expected = example.predictions()[i];
                assertThat(scores[i])
                        .as("seed %d, row %d", seed, i)
                        .isCloseTo(expected, within(1e-5f * Math.max(100, Math.abs(expected))));
            }
        }
    }

    @Test
    void oneRowScoresAsInABatchToTheBit() throws Exception {
        Example example = Example.fit(7, Task.BINARY, 3, 2, 400);
        Columns columns = example.columns();
        try (OnnxScorer scorer = OnnxScorer.open(example.model());
                Scorer.SingleRow row = scorer.singleRow()) {
            float[] batch = scorer.score(columns);
            assertThat(scorer.score(example.matrix())).isEqualTo(batch);
            for (int i = 0; i < columns.rows(); i++) {
                for (int c = 0; c < example.signature().inputs().size(); c++) {
                    String name = example.signature().inputs().get(c).name();
                    switch (columns.byName().get(name)) {
                        case Columns.Numbers numbers -> row.set(c, numbers.values()[i]);
                        case Columns.Texts texts -> row.set(c, texts.values()[i]);
                        case null -> throw new AssertionError(name);
                    }
                }
                assertThat(row.score()).as("row %d", i).isEqualTo(batch[i]);
            }
        }
    }

    @Test
    void anUnknownCategoryScoresLikeAMissingOne() throws Exception {
        Example example = Example.fit(8, Task.BINARY, 1, 1, 500);
        try (OnnxScorer scorer = OnnxScorer.open(example.model())) {
            float[] scores =
                    scorer.score(
                            new Columns(
                                    3,
                                    Map.of(
                                            "probability",
                                            new Columns.Numbers(new double[] {5, 5, 5}),
                                            "käse/0",
                                            new Columns.Texts(
                                                    new String[] {"never seen", "", null}))));
            assertThat(scores[0]).isEqualTo(scores[1]).isEqualTo(scores[2]);
        }
    }

    @Test
    void noRowsGiveNoScores() throws Exception {
        Example example = Example.fit(9, Task.REGRESSION, 1, 0, 100);
        try (OnnxScorer scorer = OnnxScorer.open(example.model())) {
            Columns empty =
                    new Columns(0, Map.of("probability", new Columns.Numbers(new double[0])));
            assertThat(scorer.score(empty)).isEmpty();
        }
    }

    @Test
    void namesEveryColumnThatIsMissingOrOfTheWrongKind() throws Exception {
        Example example = Example.fit(10, Task.BINARY, 2, 1, 100);
        try (OnnxScorer scorer = OnnxScorer.open(example.model())) {
            Map<String, Columns.Column> columns = new HashMap<>(example.columns().byName());
            columns.remove("number 1");
            columns.put("käse/0", new Columns.Numbers(new double[100]));
            assertThatThrownBy(() -> scorer.score(new Columns(100, columns)))
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                    .hasMessage(
                            """
                            number 1: no such column (expected: FP64)
                            käse/0: numbers (expected: text, BYTES)\
                            """);
        }
    }

    @Test
    void equalTreesGiveEqualBytes() throws Exception {
        byte[] first = Example.fit(11, Task.BINARY, 3, 2, 600).model().onnx();
        byte[] second = Example.fit(11, Task.BINARY, 3, 2, 600).model().onnx();
        assertThat(second).isEqualTo(first);
    }

    @Test
    void aFolderComesBackEqual(@TempDir Path folder) throws Exception {
        ModelFolder.Onnx model = Example.fit(12, Task.BINARY, 2, 2, 200).model();
        model.write(folder.resolve("model"));
        ModelFolder read = ModelFolder.read(folder.resolve("model"));
        assertThat(read.signature()).isEqualTo(model.signature());
        assertThat(read)
                .isInstanceOfSatisfying(
                        ModelFolder.Onnx.class,
                        onnx -> assertThat(onnx.onnx()).isEqualTo(model.onnx()));
        assertThat(ModelFolder.signature(folder.resolve("model"))).isEqualTo(model.signature());
        Files.delete(folder.resolve("model/model.onnx"));
        assertThatThrownBy(() -> ModelFolder.read(folder.resolve("model")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("no model.onnx");
    }

    @Test
    void refusesAModelThatBreaksItsSignature() throws Exception {
        ModelFolder.Onnx model = Example.fit(13, Task.BINARY, 1, 1, 200).model();
        Signature other =
                Signature.binary(
                        "y",
                        List.of(new Input.Number("käse/0", 0, 1), new Input.Number("age", 0, 1)),
                        new Signature.Classes("yes", "no", 0.5));
        assertThatThrownBy(() -> OnnxScorer.open(new ModelFolder.Onnx(other, model.onnx())))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("input 'käse/0'")
                .hasMessageContaining("no input 'age'")
                .hasMessageContaining("no output 'probability'");
    }

    @Test
    void garbageIsAProblemNotACrash() throws Exception {
        ModelFolder.Onnx model = Example.fit(14, Task.BINARY, 2, 1, 200).model();
        SplittableRandom random = new SplittableRandom(14);
        for (int i = 0; i < 200; i++) {
            byte[] bytes;
            if (i % 2 == 0) {
                bytes = Arrays.copyOf(model.onnx(), random.nextInt(model.onnx().length));
            } else {
                bytes = new byte[random.nextInt(300)];
                random.nextBytes(bytes);
            }
            assertThatThrownBy(
                            () -> OnnxScorer.open(new ModelFolder.Onnx(model.signature(), bytes)))
                    .as("case %d", i)
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.INPUT));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "{}",
                "{\"task\":\"binary\",\"target\":\"y\",\"inputs\":[],\"outputs\":[{\"name\":\"p\"}]}",
                "{\"task\":\"regression\",\"target\":\"y\",\"inputs\":[{\"name\":\"a\",\"datatype\":\"INT8\"}],\"outputs\":[{\"name\":\"p\"}]}",
                "{\"task\":\"regression\",\"target\":\"y\",\"inputs\":[{\"name\":1,\"datatype\":\"FP64\",\"min\":\"a\",\"max\":2}],\"outputs\":[{\"name\":\"p\"}]}",
                "{\"task\":\"ranking\",\"target\":\"y\",\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP64\",\"min\":1,\"max\":2}],\"outputs\":[{\"name\":\"p\"}]}"
            })
    void aMalformedSignatureIsAProblem(String text) {
        assertThatThrownBy(() -> Signature.of(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"learner\":1}",
                "{\"learner\":{\"gradient_booster\":{\"name\":\"gblinear\"}}}",
                "{\"learner\":{\"objective\":{\"name\":\"rank:ndcg\"},\"gradient_booster\":{\"name\":\"gbtree\"}}}"
            })
    void whatIsNoXgboostModelIsAProblem(String text) {
        assertThatThrownBy(() -> XgboostJson.read(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT));
    }
}

package dev.weir.ml.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** The graph and {@link WordReader} read every text alike. */
class WordReaderTest {
    private static final String[] PIECES = {
        "free",
        "FREE",
        "Call",
        "now",
        "2",
        "4u",
        "naïve",
        "Ünïted",
        "ТЕСТ",
        "日本語",
        "don't",
        "a_b",
        "x\u00a0y",
        "“quoted”",
        "e\u0301",
        "😀",
        "👩‍👩‍👧",
        "\ud83d",
        "\udc00",
        "\u0000",
        "İ",
        "K",
        "ß",
        "£5",
        "…",
        "--",
        "\t",
        "\n",
        "",
        "ﬁ",
        "\u2028",
        "１２",
        "Å"
    };

    @Test
    void whatAWordIs() {
        assertThat(WordReader.words("Don't PAY £5.00, naïve Ünïted—now 😀!"))
                .containsExactly("don", "t", "pay", "5", "00", "naïve", "Ünïted", "now");
        assertThat(WordReader.words(" … ")).isEmpty();
        assertThat(WordReader.words("")).isEmpty();
        assertThat(WordReader.words("日本語 テスト ТЕСТ")).containsExactly("日本語", "テスト", "ТЕСТ");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theGraphFindsTheSameNgrams(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        @Nullable String[] texts = new @Nullable String[1500];
        TreeSet<String> words = new TreeSet<>();
        TreeSet<String> pairs = new TreeSet<>();
        for (int i = 0; i < texts.length; i++) {
            texts[i] = random.nextInt(50) == 0 ? null : text(random);
            List<String> found = texts[i] == null ? List.of() : WordReader.words(texts[i]);
            words.addAll(found);
            for (int w = 1; w < found.size(); w++) {
                if (random.nextInt(3) == 0) {
                    pairs.add(found.get(w - 1) + " " + found.get(w));
                }
            }
        }
        List<List<String>> known = new ArrayList<>();
        words.forEach(word -> known.add(List.of(word)));
        pairs.forEach(pair -> known.add(List.of(pair.split(" "))));
        float[] rarity = new float[known.size()];
        float[] weights = new float[known.size() * 3];
        for (int i = 0; i < rarity.length; i++) {
            rarity[i] = 1 + random.nextInt(50) / 10f;
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextDouble(-3, 3);
        }
        Signature signature =
                Signature.multiclass("y", List.of(new Input.Text("t")), List.of("a", "b", "c"));
        LinearModel model =
                new LinearModel(
                        new double[0],
                        new double[0],
                        new double[0],
                        List.of(),
                        List.of(new LinearModel.Ngrams(known, rarity, weights)),
                        new double[] {0.5, 0, -0.5},
                        Link.SOFTMAX);
        ModelFolder.Onnx folder =
                new ModelFolder.Onnx(signature, OnnxExport.bytes(model, signature));
        try (Scorer scorer = OnnxScorer.open(folder)) {
            float[] scores =
                    scorer.score(new Columns(texts.length, Map.of("t", new Columns.Texts(texts))));
            for (int row = 0; row < texts.length; row++) {
                double[] expected = expected(texts[row], known, rarity, weights);
                for (int k = 0; k < 3; k++) {
                    assertThat((double) scores[row * 3 + k])
                            .as("seed %d, row %d, '%s'", seed, row, texts[row])
                            .isCloseTo(expected[k], within(1e-6));
                }
            }
        }
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int pieces = random.nextInt(12);
        for (int p = 0; p < pieces; p++) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
            text.append(random.nextInt(5) == 0 ? "" : " ");
            if (random.nextInt(20) == 0) {
                text.append((char) random.nextInt(0x10000));
            }
        }
        return text.toString();
    }

    private static double[] expected(
            @Nullable String text, List<List<String>> known, float[] rarity, float[] weights) {
        List<String> words = text == null ? List.of() : WordReader.words(text);
        double[] sums = {0.5, 0, -0.5};
        double squares = 0;
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            if (Collections.indexOfSubList(words, known.get(i)) >= 0) {
                found.add(i);
                squares += rarity[i] * rarity[i];
            }
        }
        for (int i : found) {
            for (int k = 0; k < 3; k++) {
                sums[k] += rarity[i] / Math.sqrt(squares) * weights[i * 3 + k];
            }
        }
        double total = 0;
        for (int k = 0; k < 3; k++) {
            sums[k] = Math.exp(sums[k]);
            total += sums[k];
        }
        return new double[] {sums[0] / total, sums[1] / total, sums[2] / total};
    }
}

package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class SamenessTest {
    private static final int ROWS = 4000;
    private final Signature binary =
            Signature.binary(
                    "y",
                    List.of(new Input.Category("c", List.of("a"))),
                    new Signature.Classes("yes", "no", 0.5));
    private final Signature regression =
            Signature.regression("y", List.of(new Input.Category("c", List.of("a"))));
    private final double[] truth = new double[ROWS];
    private final double[] scores = new double[ROWS];

    SamenessTest() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < ROWS; i++) {
            scores[i] = random.nextDouble();
            truth[i] = random.nextDouble() < scores[i] ? 1 : 0;
        }
    }

    private double[] moved(double by) {
        SplittableRandom random = new SplittableRandom(4);
        double[] moved = scores.clone();
        for (int i = 0; i < ROWS; i++) {
            moved[i] = Math.clamp(moved[i] + random.nextDouble(-by, by), 0, 1);
        }
        return moved;
    }

    private Level level(double[] now) {
        return Sameness.compare(binary, truth, scores, now).level();
    }

    @Test
    void scoresWithinAMillionthAreTheSamePredictions() {
        assertThat(level(scores.clone())).isEqualTo(Level.R1);
        assertThat(level(moved(9e-7))).isEqualTo(Level.R1);
    }

    @Test
    void decisionsAreTheSameWhereNoneFlips() {
        double[] now = scores.clone();
        for (int i = 0; i < ROWS; i++) {
            now[i] += Math.abs(now[i] - 0.5) > 0.01 ? 5e-4 * (now[i] < 0.9 ? 1 : -1) : 0;
        }
        assertThat(level(now)).isEqualTo(Level.R2);
    }

    @Test
    void aFlippedDecisionLeavesTheMetricAtBest() {
        double[] now = scores.clone();
        now[0] = 0.4999;
        double[] then = scores.clone();
        then[0] = 0.5001;
        assertThat(Sameness.compare(binary, truth, then, now).level()).isEqualTo(Level.R3);
        assertThat(level(moved(0.01))).isEqualTo(Level.R3);
    }

    @Test
    void aWorseModelIsDifferent() {
        assertThat(level(moved(0.8))).isEqualTo(Level.R4);
        Sameness said = Sameness.compare(binary, truth, scores, moved(0.8));
        assertThat(said.note()).contains("95 % interval").contains("roc_auc");
    }

    @Test
    void aRegressionIsMeasuredInTheSpreadOfItsTarget() {
        double[] values = new double[ROWS];
        double[] then = new double[ROWS];
        double[] now = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            values[i] = 1000.0 * i;
            then[i] = values[i] + 5;
            now[i] = then[i] + 1;
        }
        assertThat(Sameness.compare(regression, values, then, now).level()).isEqualTo(Level.R1);
    }

    @Test
    void theBandIsWhatTheSeedsDoOverallAndInEachSlice() {
        double[] now = moved(0.05);
        List<double[]> alike = List.of(scores.clone(), scores.clone());
        assertThat(Sameness.compare(binary, truth, scores, now, List::of, () -> alike).note())
                .contains("a fixed band, for the seeds make no difference");
        List<double[]> far = List.of(moved(0.8), moved(0.6));
        Sameness wide = Sameness.compare(binary, truth, scores, now, List::of, () -> far);
        assertThat(wide.level()).isEqualTo(Level.R3);
        assertThat(wide.note()).contains("one standard deviation over 3 seeds");
        // In a part of the rows it is another model.
        int[] part = IntStream.range(0, 400).toArray();
        for (int row : part) {
            now[row] = 1 - scores[row];
        }
        Sameness worse =
                Sameness.compare(
                        binary,
                        truth,
                        scores,
                        now,
                        () -> List.of(new SlicesOfRows.Slice("sex = F", part)),
                        () -> List.of(moved(1), moved(0.9)));
        assertThat(worse.level()).isEqualTo(Level.R4);
    }
}

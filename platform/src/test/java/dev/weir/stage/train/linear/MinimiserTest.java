package dev.weir.stage.train.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.ml.model.Link;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.BitSet;
import java.util.SplittableRandom;

class MinimiserTest {
    private static final int ROWS = 400;
    private static final int DENSE = 3;
    private static final int SPARSE = 4;

    private static Design design(SplittableRandom random) {
        float[] dense = new float[ROWS * DENSE];
        Design.Entries entries = new Design.Entries(ROWS);
        for (int row = 0; row < ROWS; row++) {
            for (int c = 0; c < DENSE; c++) {
                dense[row * DENSE + c] = (float) random.nextDouble(-2, 2);
            }
            entries.add(random.nextInt(2), 1);
            entries.add(2 + random.nextInt(2), (float) random.nextDouble());
            entries.endRow();
        }
        return entries.design(DENSE, dense, SPARSE);
    }

    private static float[] weights(SplittableRandom random) {
        float[] weights = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            weights[row] = random.nextInt(4);
        }
        return weights;
    }

    private static Minimiser.Found find(LinearProblem problem, double tolerance) {
        return new Minimiser(problem, 1000, tolerance, 2)
                .find(new BitSet(), 0, new PrintStream(OutputStream.nullOutputStream()));
    }

    private static BitSet all() {
        BitSet all = new BitSet();
        all.set(0, ROWS);
        return all;
    }

    /** A row as the plain vector of all columns and the intercept's 1. */
    private static double[] row(Design design, int row) {
        double[] x = new double[design.width() + 1];
        for (int c = 0; c < DENSE; c++) {
            x[c] = design.dense()[row * DENSE + c];
        }
        for (int e = design.starts()[row]; e < design.starts()[row + 1]; e++) {
            x[DENSE + design.columns()[e]] += design.values()[e];
        }
        x[design.width()] = 1;
        return x;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void ridgeSolvesItsNormalEquations(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Design design = design(random);
        float[] labels = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            labels[row] =
                    (float) (row(design, row)[0] * 2 - row(design, row)[4] + random.nextDouble());
        }
        float[] weights = weights(random);
        double l2 = 0.7;
        Minimiser.Found found =
                find(
                        new LinearProblem(Link.IDENTITY, 1, design, labels, weights, l2, all()),
                        1e-10);
        int n = design.width() + 1;
        double[] slopes = new double[n];
        for (int row = 0; row < ROWS; row++) {
            double[] x = row(design, row);
            double error = -labels[row];
            for (int f = 0; f < n; f++) {
                error += x[f] * found.w()[f];
            }
            for (int f = 0; f < n; f++) {
                slopes[f] += weights[row] * error * x[f];
            }
        }
        for (int f = 0; f < n; f++) {
            double penalty = f < n - 1 ? l2 * found.w()[f] : 0;
            assertThat(slopes[f] + penalty)
                    .as("seed %d, slope %d", seed, f)
                    .isCloseTo(0, within(1e-5));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void slopesAreTheDerivativesOfTheObjective(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Design design = design(random);
        for (Link link : Link.values()) {
            int outputs = link == Link.SOFTMAX ? 4 : 1;
            float[] labels = new float[ROWS];
            for (int row = 0; row < ROWS; row++) {
                labels[row] = link == Link.SOFTMAX ? random.nextInt(4) : random.nextInt(2);
            }
            LinearProblem problem =
                    new LinearProblem(link, outputs, design, labels, weights(random), 1.5, all());
            double total = problem.total(all());
            try (Passes passes = new Passes(problem, 2)) {
                double[] w = new double[problem.size()];
                for (int i = 0; i < w.length; i++) {
                    w[i] = random.nextDouble(-1, 1);
                }
                double[] slopes = new double[w.length];
                passes.objective(w, total, slopes);
                double[] unused = new double[w.length];
                for (int i = 0; i < w.length; i++) {
                    double[] more = w.clone();
                    double[] less = w.clone();
                    more[i] += 1e-5;
                    less[i] -= 1e-5;
                    double slope =
                            (passes.objective(more, total, unused)
                                            - passes.objective(less, total, unused))
                                    / 2e-5;
                    assertThat(slopes[i])
                            .as("seed %d, %s, slope %d", seed, link, i)
                            .isCloseTo(slope, within(1e-7));
                }
            }
        }
    }
}

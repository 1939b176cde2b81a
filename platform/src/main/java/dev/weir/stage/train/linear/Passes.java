package dev.weir.stage.train.linear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Passes over the rows of a problem, block by block on several threads. Blocks depend on how many
 * rows and weights there are, never on the threads; each block has sums of its own, and those are
 * added up in the order of the blocks.
 */
final class Passes implements AutoCloseable {
    private static final int FEWEST_ROWS = 1_024;
    private static final int MOST_BLOCKS = 64;

    /** How many numbers the sums of all blocks may have together: 128 MiB. */
    private static final int MOST_NUMBERS = 1 << 24;

    private final LinearProblem problem;
    private final ExecutorService threads;
    private final double[][] blockSlopes;
    private final double[] blockLosses;

    Passes(LinearProblem problem, int threadCount) {
        this.problem = problem;
        this.threads = Executors.newFixedThreadPool(threadCount);
        int blocks =
                Math.max(
                        1,
                        Math.min(
                                Math.min(MOST_BLOCKS, problem.design().rows() / FEWEST_ROWS),
                                MOST_NUMBERS / problem.size()));
        this.blockSlopes = new double[blocks][problem.size()];
        this.blockLosses = new double[blocks];
    }

    /**
     * The objective at these weights.
     *
     * @param slopes takes its derivatives
     */
    double objective(double[] w, double total, double[] slopes) {
        inBlocks(
                problem.learned(),
                (block, rows) -> {
                    Arrays.fill(blockSlopes[block], 0);
                    return sum(w, rows, blockSlopes[block]);
                });
        int weights = problem.design().width() * problem.outputs();
        Arrays.fill(slopes, 0);
        for (double[] part : blockSlopes) {
            for (int i = 0; i < slopes.length; i++) {
                slopes[i] += part[i];
            }
        }
        double squares = 0;
        for (int i = 0; i < slopes.length; i++) {
            if (i < weights) {
                slopes[i] = (slopes[i] + problem.l2() * w[i]) / total;
                squares += w[i] * w[i];
            } else {
                slopes[i] /= total;
            }
        }
        return (loss() + problem.l2() / 2 * squares) / total;
    }

    /** The mean loss of other rows. */
    double loss(double[] w, BitSet rows) {
        inBlocks(rows, (_, some) -> sum(w, some, null));
        return loss() / problem.total(rows);
    }

    private double loss() {
        double loss = 0;
        for (double part : blockLosses) {
            loss += part;
        }
        return loss;
    }

    private double sum(
            double[] w, BitSet rows, double @org.jspecify.annotations.Nullable [] slopes) {
        double[] sums = new double[problem.outputs()];
        double loss = 0;
        for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
            double weight = problem.weight(row);
            problem.sums(w, row, sums);
            loss += weight * problem.loss(sums, problem.labels()[row]);
            if (slopes != null) {
                if (weight != 1) {
                    for (int k = 0; k < sums.length; k++) {
                        sums[k] *= weight;
                    }
                }
                problem.addSlopes(slopes, row, sums);
            }
        }
        return loss;
    }

    private interface Pass {
        double over(int block, BitSet rows);
    }

    private void inBlocks(BitSet rows, Pass pass) {
        int blocks = blockLosses.length;
        long all = problem.design().rows();
        List<Callable<Double>> tasks = new ArrayList<>();
        for (int b = 0; b < blocks; b++) {
            int block = b;
            int from = (int) (all * b / blocks);
            int to = (int) (all * (b + 1) / blocks);
            tasks.add(
                    () -> {
                        BitSet some = new BitSet();
                        some.set(from, to);
                        some.and(rows);
                        return pass.over(block, some);
                    });
        }
        try {
            List<Future<Double>> done = threads.invokeAll(tasks);
            for (int b = 0; b < blocks; b++) {
                blockLosses[b] = done.get(b).get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

package dev.weir.stage.train.linear;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;

/**
 * Minimises a {@link LinearProblem} by L-BFGS (Nocedal and Wright, Numerical Optimization, 2nd
 * edition, algorithm 7.5) with steps that meet the weak Wolfe conditions, found by halving and
 * doubling (Lewis and Overton 2013). It ends where no slope is steeper than the tolerance, where
 * the line search finds no descent, after so many iterations, or where the loss on a validation
 * part has not fallen for a while.
 */
public final class Minimiser {
    private static final int REMEMBERED = 8;
    private static final int MOST_STEPS = 40;
    private static final double DESCENT = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final int LOGGED = 20;

    private final LinearProblem problem;
    private final int mostIterations;
    private final double tolerance;
    private final int threads;

    /**
     * A minimiser.
     *
     * @param tolerance the steepest slope of the mean loss that is flat enough
     */
    public Minimiser(LinearProblem problem, int mostIterations, double tolerance, int threads) {
        this.problem = problem;
        this.mostIterations = mostIterations;
        this.tolerance = tolerance;
        this.threads = threads;
    }

    /**
     * What was found.
     *
     * @param w columns x outputs, then one intercept for each output
     * @param iterations after which these were reached
     * @param objective at these weights
     * @param steepest the steepest slope there
     * @param end why it ended, in words
     */
    public record Found(
            double[] w, int iterations, double objective, double steepest, String end) {}

    /** A step that was taken: how the weights and the slopes changed. */
    private record Step(double[] s, double[] y, double sy) {}

    /**
     * Finds the weights.
     *
     * @param validation rows that only tell when to stop; none to go on to the end
     * @param patience after how many iterations without a lower loss on them
     */
    public Found find(BitSet validation, int patience, PrintStream log) {
        try (Passes passes = new Passes(problem, threads)) {
            return find(passes, validation, patience, log);
        }
    }

    private Found find(Passes passes, BitSet validation, int patience, PrintStream log) {
        int n = problem.size();
        double total = problem.total(problem.learned());
        double[] w = new double[n];
        double[] g = new double[n];
        double[] next = new double[n];
        double[] nextG = new double[n];
        double f = passes.objective(w, total, g);
        Deque<Step> steps = new ArrayDeque<>();
        double least = Double.POSITIVE_INFINITY;
        Found best = new Found(w.clone(), 0, f, steepest(g), "");
        String end = "the most iterations";
        int iteration = 0;
        while (iteration < mostIterations) {
            if (steepest(g) <= tolerance) {
                end = "flat enough";
                break;
            }
            double[] direction = direction(g, steps);
            double slope = dot(g, direction);
            if (!(slope < 0)) {
                steps.clear();
                direction = direction(g, steps);
                slope = dot(g, direction);
            }
            double low = 0;
            double high = Double.POSITIVE_INFINITY;
            double t = steps.isEmpty() ? Math.min(1, 1 / Math.sqrt(dot(g, g))) : 1;
            double nextF = f;
            boolean found = false;
            for (int tries = 0; tries < MOST_STEPS; tries++) {
                for (int i = 0; i < n; i++) {
                    next[i] = w[i] + t * direction[i];
                }
                nextF = passes.objective(next, total, nextG);
                if (!(nextF <= f + DESCENT * t * slope)) {
                    high = t;
                } else if (dot(nextG, direction) < CURVATURE * slope) {
                    low = t;
                } else {
                    found = true;
                    break;
                }
                t = Double.isInfinite(high) ? 2 * t : (low + high) / 2;
            }
            if (!found && !(nextF < f)) {
                end = "no step leads lower";
                break;
            }
            iteration++;
            remember(steps, w, next, g, nextG);
            double[] swap = w;
            w = next;
            next = swap;
            swap = g;
            g = nextG;
            nextG = swap;
            f = nextF;
            if (iteration % LOGGED == 0) {
                log.println("iteration " + iteration + ": loss " + f);
            }
            if (!validation.isEmpty()) {
                double loss = passes.loss(w, validation);
                if (loss < least) {
                    least = loss;
                    best = new Found(w.clone(), iteration, f, steepest(g), "");
                } else if (iteration - best.iterations() >= patience) {
                    end = "the validation part was best after " + best.iterations();
                    break;
                }
            }
        }
        log.println("ended after " + iteration + " iterations: " + end);
        return validation.isEmpty()
                ? new Found(w, iteration, f, steepest(g), end)
                : new Found(best.w(), best.iterations(), best.objective(), best.steepest(), end);
    }

    private static void remember(
            Deque<Step> steps, double[] w, double[] next, double[] g, double[] nextG) {
        double[] s = new double[w.length];
        double[] y = new double[w.length];
        for (int i = 0; i < s.length; i++) {
            s[i] = next[i] - w[i];
            y[i] = nextG[i] - g[i];
        }
        double sy = dot(s, y);
        if (sy > 1e-10 * dot(y, y)) {
            if (steps.size() == REMEMBERED) {
                steps.removeFirst();
            }
            steps.addLast(new Step(s, y, sy));
        }
    }

    /** The two loops of algorithm 7.4. */
    private static double[] direction(double[] g, Deque<Step> steps) {
        double[] q = g.clone();
        double[] alpha = new double[steps.size()];
        int i = steps.size();
        for (Iterator<Step> newest = steps.descendingIterator(); newest.hasNext(); ) {
            Step step = newest.next();
            alpha[--i] = dot(step.s(), q) / step.sy();
            add(q, -alpha[i], step.y());
        }
        Step last = steps.peekLast();
        double scale = last == null ? 1 : last.sy() / dot(last.y(), last.y());
        for (int j = 0; j < q.length; j++) {
            q[j] *= scale;
        }
        for (Step step : steps) {
            double beta = dot(step.y(), q) / step.sy();
            add(q, alpha[i++] - beta, step.s());
        }
        for (int j = 0; j < q.length; j++) {
            q[j] = -q[j];
        }
        return q;
    }

    private static void add(double[] to, double factor, double[] what) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * what[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double x = 0;
        double y = 0;
        int i = 0;
        for (; i + 1 < a.length; i += 2) {
            x += a[i] * b[i];
            y += a[i + 1] * b[i + 1];
        }
        if (i < a.length) {
            x += a[i] * b[i];
        }
        return x + y;
    }

    private static double steepest(double[] g) {
        double most = 0;
        for (double each : g) {
            most = Math.max(most, Math.abs(each));
        }
        return most;
    }
}

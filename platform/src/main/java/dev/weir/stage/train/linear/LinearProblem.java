package dev.weir.stage.train.linear;

import dev.weir.ml.model.Link;

import java.util.BitSet;

/**
 * What is minimised over the weights {@code w} (columns x outputs, then one intercept for each
 * output): the weighted mean of the rows' losses plus {@code l2 / (2 W) * |w|²}, W being the sum of
 * the rows' weights and the intercepts not counted. The loss of a row is {@code -ln p(label)} of
 * two classes and of many, and half the squared error of a number.
 *
 * @param link IDENTITY for ridge, LOGISTIC for two classes, SOFTMAX for many
 * @param outputs one, or of many classes one for each
 * @param labels one for each row
 * @param weights one for each row; empty where all are 1
 * @param l2 0 or more
 * @param learned the rows that count
 */
public record LinearProblem(
        Link link,
        int outputs,
        Design design,
        float[] labels,
        float[] weights,
        double l2,
        BitSet learned) {

    /** How many numbers a solution has. */
    public int size() {
        return (design.width() + 1) * outputs;
    }

    /** How much a row counts. */
    double weight(int row) {
        return weights.length == 0 ? 1 : weights[row];
    }

    /** The sum of the weights of some rows. */
    double total(BitSet rows) {
        double sum = 0;
        for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
            sum += weight(row);
        }
        return sum;
    }

    /** The sums of a row before the link. */
    void sums(double[] w, int row, double[] into) {
        System.arraycopy(w, design.width() * outputs, into, 0, outputs);
        if (outputs == 1) {
            into[0] += single(w, row);
        } else {
            many(w, row, into);
        }
    }

    private double single(double[] w, int row) {
        float[] dense = design.dense();
        int columns = design.denseColumns();
        int at = row * columns;
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int f = 0;
        for (; f + 3 < columns; f += 4, at += 4) {
            a += dense[at] * w[f];
            b += dense[at + 1] * w[f + 1];
            c += dense[at + 2] * w[f + 2];
            d += dense[at + 3] * w[f + 3];
        }
        for (; f < columns; f++, at++) {
            a += dense[at] * w[f];
        }
        for (int e = design.starts()[row]; e < design.starts()[row + 1]; e++) {
            b += design.values()[e] * w[columns + design.columns()[e]];
        }
        return (a + b) + (c + d);
    }

    private void many(double[] w, int row, double[] into) {
        int columns = design.denseColumns();
        for (int f = 0; f < columns; f++) {
            add(into, design.dense()[row * columns + f], w, f * outputs);
        }
        for (int e = design.starts()[row]; e < design.starts()[row + 1]; e++) {
            add(into, design.values()[e], w, (columns + design.columns()[e]) * outputs);
        }
    }

    private void add(double[] into, double factor, double[] w, int from) {
        for (int k = 0; k < outputs; k++) {
            into[k] += factor * w[from + k];
        }
    }

    /**
     * The loss of a row from its sums, which become its slopes: the derivatives of the loss by each
     * sum.
     */
    double loss(double[] sums, float label) {
        return switch (link) {
            case IDENTITY -> {
                double error = sums[0] - label;
                sums[0] = error;
                yield error * error / 2;
            }
            case LOGISTIC -> logistic(sums, label);
            case SOFTMAX -> softmax(sums, (int) label);
        };
    }

    private static double logistic(double[] sums, float label) {
        double z = sums[0];
        double small = StrictMath.exp(-Math.abs(z));
        double likely = 1 / (1 + small);
        double p = z >= 0 ? likely : 1 - likely;
        sums[0] = p - label;
        return StrictMath.log1p(small) + Math.max(z, 0) - label * z;
    }

    private double softmax(double[] sums, int label) {
        double most = sums[0];
        for (int k = 1; k < outputs; k++) {
            most = Math.max(most, sums[k]);
        }
        double right = sums[label] - most;
        double total = 0;
        for (int k = 0; k < outputs; k++) {
            sums[k] = StrictMath.exp(sums[k] - most);
            total += sums[k];
        }
        for (int k = 0; k < outputs; k++) {
            sums[k] /= total;
        }
        sums[label] -= 1;
        return StrictMath.log(total) - right;
    }

    /** Adds a row's share to the slopes of the weights. */
    void addSlopes(double[] slopes, int row, double[] rowSlopes) {
        int columns = design.denseColumns();
        int last = design.width() * outputs;
        if (outputs == 1) {
            double slope = rowSlopes[0];
            int at = row * columns;
            for (int f = 0; f < columns; f++) {
                slopes[f] += slope * design.dense()[at + f];
            }
            for (int e = design.starts()[row]; e < design.starts()[row + 1]; e++) {
                slopes[columns + design.columns()[e]] += slope * design.values()[e];
            }
            slopes[last] += slope;
            return;
        }
        for (int f = 0; f < columns; f++) {
            addTo(slopes, f * outputs, design.dense()[row * columns + f], rowSlopes);
        }
        for (int e = design.starts()[row]; e < design.starts()[row + 1]; e++) {
            addTo(slopes, (columns + design.columns()[e]) * outputs, design.values()[e], rowSlopes);
        }
        addTo(slopes, last, 1, rowSlopes);
    }

    private void addTo(double[] slopes, int from, double factor, double[] rowSlopes) {
        for (int k = 0; k < outputs; k++) {
            slopes[from + k] += factor * rowSlopes[k];
        }
    }
}

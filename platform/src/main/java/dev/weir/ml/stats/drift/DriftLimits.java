package dev.weir.ml.stats.drift;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * From where on a column has drifted.
 *
 * @param method the score that says so
 * @param warn above it is a warning
 * @param fail above it fails; infinite where nothing does
 * @param unseen the share of values that the baseline does not have, above which it fails, whatever
 *     chance says; NaN where none was asked for
 * @param scale for Wasserstein
 */
public record DriftLimits(
        Method method, double warn, double fail, double unseen, DistanceScale scale) {
    /** PSI and the shares: 0.1 warns, 0.2 fails. */
    public static final DriftLimits STANDARD = new DriftLimits(Method.AUTO, 0.1, 0.2);

    /** Of a score alone. */
    public DriftLimits(Method method, double warn, double fail) {
        this(method, warn, fail, Double.NaN, DistanceScale.STANDARD);
    }

    /** Which score is held against the limits. */
    public enum Method {
        /** PSI, and the share of values that the baseline does not have. */
        AUTO("auto"),
        /** Population stability index. */
        PSI("psi"),
        /** Kullback-Leibler divergence of now given the baseline, in nats. */
        KL("kl"),
        /** Jensen-Shannon divergence, in bits. */
        JS("js"),
        /** The normalised distance of Wasserstein; of numbers. */
        WASSERSTEIN("wasserstein"),
        /** The statistic of Kolmogorov and Smirnov; of numbers. */
        KS("ks"),
        /** Cramér's V of the chi-square test. */
        CHI2("chi2");

        private final String word;

        Method(String word) {
            this.word = word;
        }

        /** As it stands in YAML. */
        public String word() {
            return word;
        }

        /** The method of a word. */
        public static Optional<Method> of(String word) {
            return Arrays.stream(values()).filter(m -> m.word.equals(word)).findFirst();
        }

        /** As a message lists them. */
        public static List<String> words() {
            return Arrays.stream(values()).map(Method::word).toList();
        }

        /** Whether it is a distance of values that have an order. */
        public boolean ofNumbers() {
            return this == WASSERSTEIN || this == KS;
        }
    }

    /** The score that the method takes; NaN where it is not defined. */
    public double score(ColumnDrift drift) {
        ColumnDrift.Scores scores = drift.scores();
        ColumnDrift.Distances distances = scores.distances();
        return switch (method) {
            case AUTO, PSI -> scores.bins().psi();
            case KL -> scores.bins().kl();
            case JS -> scores.bins().js();
            case CHI2 -> scores.bins().chiSquare().cramersV();
            case WASSERSTEIN -> distances == null ? Double.NaN : distances.normalised();
            case KS -> distances == null ? Double.NaN : distances.kolmogorovSmirnov().statistic();
        };
    }

    /** What chance alone gives: the p-value that goes with the score. */
    double p(ColumnDrift drift) {
        ColumnDrift.Distances distances = drift.scores().distances();
        return switch (method) {
            // of the same counts, near one another where there is no drift: PSI is twice KL
            case AUTO, PSI, KL, JS -> drift.judgeable().p();
            case CHI2 -> drift.scores().bins().chiSquare().p();
            case WASSERSTEIN, KS -> distances == null ? 1 : distances.kolmogorovSmirnov().p();
        };
    }

    /** The score's name in a sentence. */
    String told() {
        return switch (method) {
            case AUTO -> Method.PSI.word;
            case CHI2 -> "Cramér's V";
            case PSI, KL, JS, WASSERSTEIN, KS -> method.word;
        };
    }
}

package dev.weir.ml.stats.sequential;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;

/**
 * An e-process that is a mixture over several alternatives and over when each began to be true:
 * what was fine for a million requests and then breaks is found as soon as what was broken from the
 * start, but for a factor of about the number of looks. A share of the capital is kept back for
 * each look: one half for the first, 1/(2j(j+1)) for the j-th after it, so that all shares are 1
 * together. What is kept back for later looks counts as it is. (Shin, Ramdas and Rinaldo,
 * E-detectors, 2023, section 3, with weights that sum to 1, so that the chance of a false alarm is
 * bounded for all time.)
 */
final class Wealth {
    /** Before the first look. */
    static final Wealth BEGINNING = new Wealth(0, new double[0]);

    private final long looks;

    /** Of each alternative, the logarithm of what the shares given out so far have become. */
    private final double[] logs;

    private Wealth(long looks, double[] logs) {
        this.looks = looks;
        this.logs = logs;
    }

    /**
     * After a look.
     *
     * @param logRatios of each alternative, the logarithm of how much more likely it makes what was
     *     seen than the hypothesis does
     */
    Wealth next(double[] logRatios) {
        double share = Math.log(looks == 0 ? 0.5 : 0.5 / looks / (looks + 1.0));
        double[] grown = new double[logRatios.length];
        for (int i = 0; i < grown.length; i++) {
            double held = looks == 0 ? share : added(logs[i], share);
            grown[i] = held + logRatios[i];
        }
        return new Wealth(looks + 1, grown);
    }

    /** The logarithm of the e-value; 0 before the first look. */
    double log() {
        if (looks == 0) {
            return 0;
        }
        double sum = Math.log(0.5 / looks);
        for (double one : logs) {
            sum = added(sum, one - Math.log(logs.length));
        }
        return sum;
    }

    /** The logarithm of the sum of what two logarithms stand for. */
    static double added(double a, double b) {
        double more = Math.max(a, b);
        return more == Double.NEGATIVE_INFINITY
                ? more
                : more + Math.log1p(Math.exp(Math.min(a, b) - more));
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("looks", looks);
        ArrayNode list = json.putArray("logs");
        Arrays.stream(logs).forEach(list::add);
        return json;
    }

    static Wealth fromJson(JsonNode json) {
        return new Wealth(
                json.path("looks").longValue(),
                json.path("logs").valueStream().mapToDouble(JsonNode::doubleValue).toArray());
    }
}

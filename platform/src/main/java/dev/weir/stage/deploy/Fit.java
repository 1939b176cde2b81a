package dev.weir.stage.deploy;

import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a version can answer those who know another: their requests, and with what they expect.
 */
public final class Fit {
    private Fit() {}

    /**
     * Why the clients of one version cannot be answered by another; empty where they can. A version
     * fits that takes no column which they do not send, each of the same type, and answers the same
     * question.
     *
     * @param known what clients send and get now
     */
    public static Optional<String> misfit(Signature known, Signature candidate) {
        if (!known.predictsTheSameAs(candidate)) {
            return Optional.of("it predicts something else: another target, task or classes");
        }
        Map<String, Input> sent = new HashMap<>();
        known.inputs().forEach(input -> sent.put(input.name(), input));
        for (Input input : candidate.inputs()) {
            Input theirs = sent.get(input.name());
            if (theirs == null) {
                return Optional.of("clients do not send its column " + input.name());
            }
            if (!theirs.datatype().equals(input.datatype())
                    || (theirs instanceof Input.Moment moment
                            && !(input instanceof Input.Moment other
                                    && other.unit() == moment.unit()))) {
                return Optional.of(
                        "column %s: %s (expected: %s, as clients send it)"
                                .formatted(input.name(), input.datatype(), theirs.datatype()));
            }
        }
        return Optional.empty();
    }
}

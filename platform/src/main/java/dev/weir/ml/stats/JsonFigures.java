package dev.weir.ml.stats;

import tools.jackson.databind.node.ObjectNode;

/** Figures in JSON, which knows no NaN. */
public final class JsonFigures {
    private JsonFigures() {}

    /** Puts a number; null where it is not finite, which says that it is not defined. */
    public static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        } else {
            json.putNull(name);
        }
    }
}

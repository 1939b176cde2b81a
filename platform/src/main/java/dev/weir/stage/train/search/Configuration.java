package dev.weir.stage.train.search;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One configuration of a sweep.
 *
 * @param number from 1, in the order in which they were drawn; 0 for the configuration file as it
 *     is
 * @param values what the sweep sets, by name; the rest stands in the configuration file
 */
public record Configuration(int number, ObjectNode values) {
    /** The configuration file as it is: what every other has to beat. */
    public static final int FILE = 0;

    /** The configuration file as it is. */
    public static Configuration ofFile() {
        return new Configuration(FILE, JsonNodeFactory.instance.objectNode());
    }
}

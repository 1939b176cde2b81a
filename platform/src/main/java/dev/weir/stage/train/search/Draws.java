package dev.weir.stage.train.search;

import dev.weir.base.digest.Digest;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Random search (Bergstra and Bengio 2012): configurations drawn evenly, each parameter by itself.
 * A place in a range is the SHA-256 of seed, number and name, so that the same seed draws the same
 * on any machine, more trials keep those before, and another parameter leaves the others alone.
 */
public final class Draws {
    /** So many draws for each that is wanted, where a small space repeats itself. */
    private static final int PATIENCE = 200;

    private static final double TWO_TO_MINUS_52 = 0x1p-52;
    private static final int HEX_DIGITS_OF_52_BITS = 13;

    private Draws() {}

    /** As many as are wanted, all different; all that there are where they are fewer. */
    public static List<Configuration> of(SweepSettings settings) {
        long wanted = Math.min(settings.trials(), settings.space().configurations());
        List<Configuration> drawn = new ArrayList<>();
        Set<ObjectNode> known = new HashSet<>();
        for (long draw = 0; drawn.size() < wanted && draw < PATIENCE * wanted; draw++) {
            ObjectNode values = draw(settings, draw);
            if (known.add(values)) {
                drawn.add(new Configuration(drawn.size() + 1, values));
            }
        }
        return drawn;
    }

    private static ObjectNode draw(SweepSettings settings, long draw) {
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        settings.space()
                .ranges()
                .forEach(
                        (name, range) ->
                                values.set(name, range.at(place(settings.seed(), draw, name))));
        return values;
    }

    private static double place(long seed, long draw, String name) {
        String hex = Digest.ofText("sweep " + seed + " " + draw + " " + name).hex();
        return Long.parseLong(hex.substring(0, HEX_DIGITS_OF_52_BITS), 16) * TWO_TO_MINUS_52;
    }
}

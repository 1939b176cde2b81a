package dev.weir.base.config;

import dev.weir.base.problem.Place;

import java.util.HashMap;
import java.util.Map;

/** Where each value and each key of one file stands, by JSON pointer. */
final class Positions {
    private final String file;
    private final Map<String, int[]> values = new HashMap<>();
    private final Map<String, int[]> keys = new HashMap<>();

    Positions(String file) {
        this.file = file;
    }

    void value(String pointer, int line, int column) {
        values.put(pointer, new int[] {line, column});
    }

    void key(String pointer, int line, int column) {
        keys.put(pointer, new int[] {line, column});
    }

    Place place(String pointer) {
        return place(values, pointer);
    }

    Place keyPlace(String pointer) {
        return keys.containsKey(pointer) ? place(keys, pointer) : place(values, pointer);
    }

    private Place place(Map<String, int[]> where, String pointer) {
        int[] at = where.get(pointer);
        return at == null ? new Place(file, 0, 0) : new Place(file, at[0], at[1]);
    }

    static String escape(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    static String dotted(String pointer) {
        if (pointer.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        for (String part : pointer.substring(1).split("/", -1)) {
            String key = part.replace("~1", "/").replace("~0", "~");
            if (!key.isEmpty() && key.chars().allMatch(Character::isDigit)) {
                out.append('[').append(key).append(']');
            } else {
                out.append(out.isEmpty() ? "" : ".").append(key);
            }
        }
        return out.toString();
    }
}

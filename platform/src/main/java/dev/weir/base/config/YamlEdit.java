package dev.weir.base.config;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.ProblemException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Puts values into a file that a person wrote, and leaves all else of it as it is: comments too.
 */
public final class YamlEdit {
    private YamlEdit() {}

    /**
     * The text with other values of some keys of its outermost mapping. A key that it does not have
     * is added before another, with the comment that stands above that one, or else at the end.
     *
     * @param values numbers, truths and texts
     * @param before where new keys go; need not be there
     * @throws dev.weir.base.problem.ProblemException (INPUT) where a value does not stand on the
     *     line of its key, so that it cannot be replaced without changing more
     */
    public static String set(
            String file, String text, Map<String, ? extends JsonNode> values, String before) {
        ConfigNode root = new YamlReader().parse(file, text);
        List<String> lines = new ArrayList<>(text.lines().toList());
        List<String> added = new ArrayList<>();
        values.forEach(
                (key, value) -> {
                    if (root.at(key).orElse(null) instanceof ConfigNode old) {
                        int line = old.place().line() - 1;
                        lines.set(line, replaced(lines.get(line), old, written(value)));
                    } else {
                        added.add(YamlText.scalar(key) + ": " + written(value));
                    }
                });
        lines.addAll(placeOf(root, before, lines), added);
        String edited = String.join("\n", lines) + "\n";
        ObjectNode wanted = (ObjectNode) root.json().deepCopy();
        values.forEach(wanted::set);
        if (!reads(file, edited, wanted)) {
            throw cannot(root, "the file");
        }
        return edited;
    }

    private static boolean reads(String file, String edited, ObjectNode wanted) {
        try {
            return same(wanted, new YamlReader().parse(file, edited).json());
        } catch (ProblemException e) {
            return false; // an anchor went with the value that it stood at
        }
    }

    private static boolean same(ObjectNode wanted, JsonNode found) {
        return wanted.equals(
                (one, other) ->
                        one.isNumber() && other.isNumber()
                                ? Double.compare(one.doubleValue(), other.doubleValue())
                                : one.equals(other) ? 0 : 1,
                found);
    }

    private static String written(JsonNode value) {
        return value.isNumber()
                ? value.decimalValue().toPlainString()
                : value.isString() ? YamlText.scalar(value.stringValue()) : value.toString();
    }

    private static String replaced(String line, ConfigNode old, String value) {
        int from = old.place().column() - 1;
        if (old.json().isContainer()
                || old.place().line() != old.keyPlace().line()
                || old.keyPlace().column() != 1) {
            throw cannot(old, old.path());
        }
        char first = line.charAt(from);
        int end;
        if (first == '"' || first == '\'') {
            end = line.indexOf(first, from + 1) + 1;
        } else {
            int comment = line.indexOf(" #", from);
            end = line.substring(0, comment < 0 ? line.length() : comment).stripTrailing().length();
        }
        if (end <= from) {
            throw cannot(old, old.path());
        }
        return line.substring(0, from) + value + line.substring(end);
    }

    private static RuntimeException cannot(ConfigNode node, String what) {
        return node.problem(
                        "yaml.edit",
                        what
                                + ": cannot be changed without changing more (expected: key: value"
                                + " on a line of its own)")
                .hint("Put the values in by hand.")
                .exception();
    }

    private static int placeOf(ConfigNode root, String before, List<String> lines) {
        Place place = root.at(before).map(ConfigNode::keyPlace).orElse(null);
        if (place == null) {
            return lines.size();
        }
        int at = place.line() - 1;
        while (at > 0 && lines.get(at - 1).startsWith("#")) {
            at--;
        }
        return at;
    }
}

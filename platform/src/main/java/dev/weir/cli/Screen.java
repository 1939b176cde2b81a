package dev.weir.cli;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.problem.Problem;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a person sees. Answers go to standard output; progress, notes and problems to standard
 * error. Colours only where the stream is a terminal and {@code NO_COLOR} is not set.
 */
public final class Screen {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean colours;
    private final String folder;

    /**
     * A screen.
     *
     * @param folder where the person is: files below it are named from there
     * @param colours whether escape sequences are understood
     */
    public Screen(PrintStream out, PrintStream err, boolean colours, Path folder) {
        this.folder = folder.toString() + "/";
        this.out = out;
        this.err = err;
        this.colours = colours;
    }

    /** A line of the answer. */
    void say(String line) {
        out.println(line);
    }

    /** A line beside the answer. */
    void note(String line) {
        err.println(line);
    }

    /** Text that is shown as it is, without a line end. */
    void raw(String text) {
        out.print(text);
        out.flush();
    }

    PrintStream out() {
        return out;
    }

    /** Whether a person looks at it. */
    boolean interactive() {
        return colours;
    }

    /** The answer as one JSON document. */
    void json(JsonNode answer) {
        out.println(
                JsonMapper.builder()
                        .build()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(answer));
    }

    /** Tells problems, each with its place and what to do. */
    void problems(List<Problem> problems) {
        for (Problem problem : problems) {
            err.println(red("problem: ") + problem.line().replace(folder, ""));
            if (problem.hint() != null) {
                err.println("         " + dim(problem.hint()));
            }
        }
    }

    /** Problems as JSON: {@code {"problems":[{"code","message","place","hint"}]}}. */
    static ObjectNode problemsJson(List<Problem> problems) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("problems");
        for (Problem problem : problems) {
            ObjectNode one = list.addObject();
            one.put("code", problem.code());
            one.put("message", problem.message());
            if (problem.place() != null) {
                one.put("place", problem.place().toString());
            }
            if (problem.hint() != null) {
                one.put("hint", problem.hint());
            }
        }
        return json;
    }

    /** A table: columns as wide as their widest cell, the last one unpadded. */
    void table(List<String> heads, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(heads);
        all.addAll(rows);
        int[] widths = new int[heads.size()];
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], shown(row.get(i)));
            }
        }
        for (int r = 0; r < all.size(); r++) {
            StringBuilder line = new StringBuilder();
            List<String> row = all.get(r);
            for (int i = 0; i < widths.length; i++) {
                String cell = r == 0 ? dim(row.get(i)) : row.get(i);
                line.append(cell);
                if (i < widths.length - 1) {
                    line.append(" ".repeat(widths[i] - shown(row.get(i)) + 2));
                }
            }
            out.println(line.toString().stripTrailing());
        }
    }

    /** How many columns a text takes, without its escape sequences. */
    private static int shown(String text) {
        return text.replaceAll("\u001b\\[[0-9;]*m", "").length();
    }

    String green(String text) {
        return paint("32", text);
    }

    String red(String text) {
        return paint("31", text);
    }

    String yellow(String text) {
        return paint("33", text);
    }

    String dim(String text) {
        return paint("2", text);
    }

    String bold(String text) {
        return paint("1", text);
    }

    private String paint(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** A digest as people see it. */
    static String brief(String hex) {
        return hex.length() > 12 ? hex.substring(0, 12) : hex;
    }

    /** The canonical text of a small value. */
    static String text(JsonNode value) {
        return value.isString() ? value.stringValue() : CanonicalJson.text(value);
    }
}

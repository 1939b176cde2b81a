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
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What a person sees. Answers go to standard output; progress, notes and problems to standard
 * error. Colours only where the stream is a terminal and {@code NO_COLOR} is not set.
 */
public final class Screen {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final List<String> UNITS = List.of("bytes", "KiB", "MiB", "GiB", "TiB");
    private static final int GLANCE = 80;

    /** What moves a terminal's cursor or rings its bell: in values of a table, a stranger's. */
    private static final Pattern CONTROL =
            Pattern.compile("\u001b\\[[0-9;]*m|([\\p{Cc}&&[^\n\t]])");

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
        out.println(visible(line));
    }

    /** A line beside the answer. */
    void note(String line) {
        err.println(visible(line));
    }

    /** A text with its control characters as JSON writes them; colours stay where there are any. */
    private String visible(String text) {
        return CONTROL.matcher(text)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        found.group(1) == null && colours
                                                ? found.group()
                                                : escaped(found.group())));
    }

    private static String escaped(String text) {
        return String.format(Locale.ROOT, "\\u%04x", (int) text.charAt(0)) + text.substring(1);
    }

    /** Text that is shown as it is, without a line end. */
    void raw(String text) {
        out.print(text);
        out.flush();
    }

    PrintStream out() {
        return out;
    }

    /** Replaces the line beside the answer that is being written. */
    void live(String text) {
        err.print(text);
        err.flush();
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
            note(red("problem: ") + problem.line().replace(folder, ""));
            if (problem.hint() != null) {
                note("         " + dim(problem.hint()));
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

    /** A table: columns as wide as their widest cell; one that has no cell is left out. */
    void table(List<String> heads, List<List<String>> rows) {
        List<Integer> columns =
                IntStream.range(0, heads.size())
                        .filter(i -> rows.stream().anyMatch(row -> shown(row.get(i)) > 0))
                        .boxed()
                        .toList();
        List<List<String>> all = new ArrayList<>();
        all.add(heads.stream().map(this::dim).toList());
        rows.forEach(row -> all.add(row.stream().map(this::oneLine).toList()));
        int[] widths = IntStream.range(0, heads.size()).map(i -> width(all, i)).toArray();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            int missing = 0;
            for (int column : columns) {
                line.repeat(' ', missing).append(row.get(column));
                missing = widths[column] - shown(row.get(column)) + 2;
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private String oneLine(String cell) {
        return visible(cell).replace("\n", "\\n").replace("\t", "\\t");
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> shown(row.get(column))).max().orElse(0);
    }

    /** How many columns a text takes, without its escape sequences. */
    private static int shown(String text) {
        return plain(text).length();
    }

    /** A text without its escape sequences. */
    static String plain(String text) {
        return text.replaceAll("\u001b\\[[0-9;]*m", "");
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

    /** A moment as people see it, in the time zone of this machine: to the second. */
    static String time(Instant at) {
        return TIME.format(at.atZone(ZoneId.systemDefault()));
    }

    /** A text in a table's last column, not longer than is read at a glance. */
    String cut(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > GLANCE ? line.substring(0, GLANCE - 1) + "…" : line;
    }

    /** A size as people see it: {@code 3.4 MiB}. */
    static String size(long bytes) {
        double shown = bytes;
        int unit = 0;
        while (shown >= 1024 && unit < UNITS.size() - 1) {
            shown /= 1024;
            unit++;
        }
        return String.format(
                Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", shown, UNITS.get(unit));
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

package dev.weir.ml.data.drift;

import dev.weir.ml.gate.Verdict;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;

/**
 * Where the columns of one table have moved from its first part.
 *
 * @param table its name, for a person
 * @param parts in order; all are compared with the first
 */
public record PartsReport(String table, long rows, List<Part> parts, List<Line> columns) {
    public PartsReport {
        parts = List.copyOf(parts);
        columns = List.copyOf(columns);
    }

    /** Rows, from 0; {@code to} is the first that is not in it. */
    public record Part(int from, int to) {
        /** As people count: {@code rows 1 to 3,485}. */
        public String told() {
            return String.format(Locale.ROOT, "rows %,d to %,d", from + 1, to);
        }
    }

    /**
     * Where a column has moved.
     *
     * @param row the likeliest first row of the new distribution, from 0
     * @param part the first part that was found to differ
     */
    public record Change(int row, int part) {}

    /**
     * One column.
     *
     * @param verdict the worst of its parts
     * @param reason a sentence on the first part that moved; empty where all is well
     * @param change null where it has not moved
     * @param verdicts of each part but the first
     * @param psi of each part but the first
     */
    public record Line(
            String column,
            Verdict verdict,
            String reason,
            @Nullable Change change,
            List<Verdict> verdicts,
            List<Double> psi) {
        public Line {
            verdicts = List.copyOf(verdicts);
            psi = List.copyOf(psi);
        }
    }

    /** The worst of all columns; {@code skipped} where nothing could be said of any. */
    public Verdict verdict() {
        for (Verdict verdict : List.of(Verdict.ERROR, Verdict.FAIL, Verdict.WARN, Verdict.PASS)) {
            if (columns.stream().anyMatch(line -> line.verdict() == verdict)) {
                return verdict;
            }
        }
        return Verdict.SKIPPED;
    }

    /** {@code {"verdict","table","rows","parts":[{"from","to"}],"columns":{"c":{…}}}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("verdict", verdict().word()).put("table", table).put("rows", rows);
        ArrayNode all = json.putArray("parts");
        parts.forEach(p -> all.addObject().put("from", p.from()).put("to", p.to()));
        ObjectNode lines = json.putObject("columns");
        for (Line line : columns) {
            ObjectNode one = lines.putObject(line.column);
            one.put("verdict", line.verdict.word()).put("reason", line.reason);
            Change change = line.change;
            if (change == null) {
                one.putNull("changed");
            } else {
                one.putObject("changed").put("row", change.row).put("part", change.part);
            }
            ArrayNode verdicts = one.putArray("verdicts");
            line.verdicts.forEach(v -> verdicts.add(v.word()));
            ArrayNode psi = one.putArray("psi");
            for (double value : line.psi) {
                if (Double.isFinite(value)) {
                    psi.add(value);
                } else {
                    psi.addNull();
                }
            }
        }
        return json;
    }
}

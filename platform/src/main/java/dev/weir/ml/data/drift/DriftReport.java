package dev.weir.ml.data.drift;

import dev.weir.ml.gate.Verdict;
import dev.weir.ml.gate.page.Detail;
import dev.weir.ml.gate.page.Histogram;
import dev.weir.ml.gate.page.Item;
import dev.weir.ml.gate.page.Page;
import dev.weir.ml.stats.drift.Binning;
import dev.weir.ml.stats.drift.ColumnDrift;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How far the columns of a table have moved from those of another.
 *
 * @param reference what was compared with, and its rows
 * @param current what was looked at
 */
public record DriftReport(Side reference, Side current, List<Line> columns) {
    private static final int MOST_BARS = 24;

    public DriftReport {
        columns = List.copyOf(columns);
    }

    /** One of the two tables. */
    public record Side(String name, long rows) {}

    /**
     * One column.
     *
     * @param drift null where the two cannot be compared
     * @param reason a sentence; empty where all is well
     */
    public record Line(
            String column, @Nullable ColumnDrift drift, Verdict verdict, String reason) {}

    /** The worst of all columns; {@code skipped} where nothing could be said of any. */
    public Verdict verdict() {
        for (Verdict verdict : List.of(Verdict.ERROR, Verdict.FAIL, Verdict.WARN, Verdict.PASS)) {
            if (columns.stream().anyMatch(line -> line.verdict() == verdict)) {
                return verdict;
            }
        }
        return Verdict.SKIPPED;
    }

    /** Whether KS and Wasserstein are of all values; else each says by how much it may be off. */
    public boolean exact() {
        return columns.stream().map(Line::drift).allMatch(d -> d == null || d.scores().exact());
    }

    /**
     * {@code {"verdict","reference","current","distances","columns":{"c":{…,"verdict","reason"}}}}.
     */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("verdict", verdict().word());
        json.putObject("reference").put("table", reference.name).put("rows", reference.rows);
        json.putObject("current").put("table", current.name).put("rows", current.rows);
        json.put("distances", exact() ? "exact" : "sketches");
        ObjectNode all = json.putObject("columns");
        for (Line line : columns) {
            ObjectNode one = all.putObject(line.column);
            if (line.drift != null) {
                one.setAll(line.drift.json());
            }
            one.put("verdict", line.verdict.word()).put("reason", line.reason);
        }
        return json;
    }

    /** As a page with a histogram of each column. */
    public Page page(Instant at) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("reference", reference.name);
        facts.put("rows in the reference", whole(reference.rows));
        facts.put("rows now", whole(current.rows));
        facts.put("columns", whole(columns.size()));
        facts.put("KS and Wasserstein", exact() ? "exact" : "from quantile sketches");
        return new Page(
                current.name,
                "Drift",
                at,
                facts,
                List.of(
                        new Page.Section(
                                "Columns",
                                "Grey: the reference. Line: now. Both as shares of the rows that"
                                        + " have a value.",
                                columns.stream().map(DriftReport::item).toList())));
    }

    private static Item item(Line line) {
        ColumnDrift drift = line.drift;
        if (drift == null) {
            return new Item(line.column, line.verdict, "", "", line.reason, null, List.of());
        }
        return new Item(
                line.column,
                line.verdict,
                "psi " + figure(drift.scores().bins().psi()),
                drift.type(),
                line.reason,
                histogram(drift),
                List.of(scores(drift)));
    }

    /** What the frequent bins hold; the rest is one bar. */
    private static Histogram histogram(ColumnDrift drift) {
        List<String> labels = drift.bins().labels();
        long[] then = drift.baseline();
        long[] now = drift.current();
        boolean many = drift.bins() instanceof Binning.Categories && then.length > MOST_BARS;
        int shown = many ? MOST_BARS - 1 : then.length;
        List<String> bins = new ArrayList<>(labels.subList(0, shown));
        List<Long> baseline = list(then, shown);
        List<Long> current = list(now, shown);
        if (many) {
            bins.add((then.length - shown) + " more");
            baseline.add(Arrays.stream(then, shown, then.length).sum());
            current.add(Arrays.stream(now, shown, now.length).sum());
        }
        return new Histogram(bins, baseline, current);
    }

    private static List<Long> list(long[] counts, int most) {
        List<Long> list = new ArrayList<>();
        Arrays.stream(counts, 0, most).forEach(list::add);
        return list;
    }

    private static Detail scores(ColumnDrift drift) {
        ColumnDrift.Scores scores = drift.scores();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("PSI", figure(scores.bins().psi()), ""));
        rows.add(List.of("KL, nats", figure(scores.bins().kl()), ""));
        rows.add(List.of("JS, bits", figure(scores.bins().js()), ""));
        ColumnDrift.Distances distances = scores.distances();
        if (distances != null) {
            rows.add(
                    List.of(
                            "Wasserstein",
                            figure(distances.normalised()),
                            "%s in the unit of the values; divided by %s of the reference%s"
                                    .formatted(
                                            figure(distances.wasserstein()),
                                            distances.by(),
                                            distances.clipped()
                                                    ? "; clipped to its middle 99 %"
                                                    : "")));
            rows.add(
                    List.of(
                            "KS",
                            figure(distances.kolmogorovSmirnov().statistic()),
                            "p %s%s"
                                    .formatted(
                                            figure(distances.kolmogorovSmirnov().p()),
                                            distances.error() == 0
                                                    ? ""
                                                    : "; statistic within ±%s (99 %%), p at its least"
                                                            .formatted(
                                                                    figure(distances.error())))));
        }
        rows.add(
                List.of(
                        "Cramér's V",
                        figure(scores.bins().chiSquare().cramersV()),
                        "chi-square %s, p %s"
                                .formatted(
                                        figure(scores.bins().chiSquare().statistic()),
                                        figure(scores.bins().chiSquare().p()))));
        rows.add(List.of("missing, change of share", figure(scores.nullFractionDelta()), ""));
        rows.add(List.of("unseen, share", figure(scores.unseenFraction()), ""));
        return new Detail.Table("Scores", List.of("score", "value", ""), rows);
    }

    /** Three digits, or a dash where it is not defined. */
    public static String figure(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.3g", value);
    }

    private static String whole(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}

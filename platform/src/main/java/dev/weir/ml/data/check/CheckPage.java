package dev.weir.ml.data.check;

import static dev.weir.ml.gate.Verdict.PASS;

import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationReport.Bins;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.data.expect.ExpectationReport.Sample;
import dev.weir.ml.gate.page.Detail;
import dev.weir.ml.gate.page.Histogram;
import dev.weir.ml.gate.page.Item;
import dev.weir.ml.gate.page.Page;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What a suite found, as a page. */
public final class CheckPage {
    private CheckPage() {}

    /**
     * The page of a report.
     *
     * @param subject the table, for a person
     */
    public static Page of(ExpectationReport report, String subject, Instant at) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("rows", whole(report.rows()));
        facts.put("rules", whole(report.results().size()));
        List<Item> columns = new ArrayList<>();
        List<Item> table = new ArrayList<>();
        report.results().forEach(r -> (r.column() == null ? table : columns).add(item(r)));
        List<Page.Section> sections = new ArrayList<>();
        if (!table.isEmpty()) {
            sections.add(new Page.Section("The table", "", table));
        }
        if (!columns.isEmpty()) {
            sections.add(
                    new Page.Section(
                            "Columns",
                            "Every rule ran; what is not as expected comes first."
                                    + (columns.stream().anyMatch(i -> i.chart() != null)
                                            ? " In charts, grey is the baseline, the line is now;"
                                                    + " both as shares of the rows that have a"
                                                    + " value."
                                            : ""),
                            columns));
        }
        return new Page(subject, "Data checks", at, facts, sections);
    }

    private static Item item(Result result) {
        boolean compared = result.bins() != null;
        boolean told =
                result.violations() > 0
                        || result.measured() != null && !(compared && result.verdict() == PASS);
        String value =
                result.measured() != null
                        ? compared ? brief(result.measured()) : figure(result.measured())
                        : result.evaluated() == 0
                                ? ""
                                : "%s of %s"
                                        .formatted(
                                                whole(result.violations()),
                                                whole(result.evaluated()));
        return new Item(
                result.id(),
                result.verdict(),
                value,
                "allowed " + result.allowed(),
                told || result.evaluated() == 0 ? result.message() : "",
                chart(result.bins()),
                details(result));
    }

    private static @Nullable Histogram chart(@Nullable Bins bins) {
        return bins == null ? null : new Histogram(bins.labels(), bins.baseline(), bins.current());
    }

    private static List<Detail> details(Result result) {
        List<Detail> details = new ArrayList<>();
        if (!result.top().isEmpty()) {
            details.add(
                    new Detail.Table(
                            "Values that break it most often",
                            List.of("value", "rows"),
                            result.top().stream()
                                    .map(c -> List.of(c.value(), whole(c.rows())))
                                    .toList()));
        }
        if (!result.samples().isEmpty()) {
            details.add(samples(result.samples()));
        }
        if (result.query() != null && result.violations() > 0) {
            details.add(new Detail.Code("SQL that finds all of them", result.query()));
        }
        return details;
    }

    private static Detail samples(List<Sample> samples) {
        List<String> headings = new ArrayList<>(samples.getFirst().key().keySet());
        headings.add("row");
        headings.add("value");
        List<List<String>> rows = new ArrayList<>();
        for (Sample sample : samples) {
            List<String> row = new ArrayList<>(sample.key().values());
            row.add(whole(sample.row()));
            row.add(Objects.requireNonNullElse(sample.value(), "(missing)"));
            rows.add(row);
        }
        return new Detail.Table("First rows that break it", headings, rows);
    }

    private static String figure(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? whole((long) value)
                : String.format(Locale.ROOT, "%.6g", value);
    }

    /** Of a score, whose further digits say nothing. */
    private static String brief(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }

    private static String whole(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}

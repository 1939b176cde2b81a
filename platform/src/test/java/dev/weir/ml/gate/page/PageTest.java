package dev.weir.ml.gate.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ml.gate.Verdict;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

class PageTest {
    private static final Instant AT = Instant.parse("2026-11-25T08:00:00Z");
    private static final int BINS = 12;

    private static Page page(int columns) {
        SplittableRandom random = new SplittableRandom(7);
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            List<String> bins = new ArrayList<>();
            List<Long> then = new ArrayList<>();
            List<Long> now = new ArrayList<>();
            for (int b = 0; b < BINS; b++) {
                bins.add("[" + b * 10 + ", " + (b + 1) * 10 + ")");
                then.add((long) random.nextInt(1000));
                now.add((long) random.nextInt(1000));
            }
            items.add(
                    new Item(
                            "column_" + i,
                            Verdict.values()[i % Verdict.values().length],
                            "psi 0.0" + i,
                            "<= 0.2",
                            "column_" + i + ": psi " + i + " on 10,000 rows (expected: <= 0.2)",
                            new Histogram(bins, then, now),
                            List.of()));
        }
        return new Page(
                "income",
                "Drift",
                AT,
                Map.of("rows", "10,000"),
                List.of(new Page.Section("Columns", "", items)));
    }

    @Test
    void tellsTheWorstVerdictFirstAndCountsAll() {
        String html = page(12).html();
        assertThat(html).contains("<h1>income <span class=\"v error\">error</span></h1>");
        assertThat(html).contains("data-v=\"pass\"><b>3</b>", "data-v=\"error\"><b>2</b>");
        assertThat(html.indexOf(">column_3<")).isLessThan(html.indexOf(">column_0<"));
        assertThat(html).contains("25 November 2026, 08:00 UTC", "<dt>rows</dt><dd>10,000</dd>");
    }

    @Test
    void whatIsSkippedDoesNotHideAPass() {
        Item pass = new Item("a", Verdict.PASS, "", "", "", null, List.of());
        Item skipped = new Item("b", Verdict.SKIPPED, "", "", "", null, List.of());
        assertThat(of(List.of(pass, skipped))).contains("<h1>t <span class=\"v pass\">");
        assertThat(of(List.of(skipped))).contains("<h1>t <span class=\"v skipped\">");
    }

    private static String of(List<Item> items) {
        return new Page("t", "Checks", AT, Map.of(), List.of(new Page.Section("All", "", items)))
                .html();
    }

    @Test
    void aStrangersTextIsNeverMarkup() {
        String bad = "</script><img src=x onerror=alert(1)>\"'&\u0000";
        Item item =
                new Item(
                        bad,
                        Verdict.FAIL,
                        bad,
                        bad,
                        bad,
                        new Histogram(List.of(bad), List.of(1L), List.of(2L)),
                        List.of(
                                new Detail.Code(bad, bad),
                                new Detail.Table(bad, List.of(bad), List.of(List.of(bad)))));
        String html =
                new Page(
                                bad,
                                bad,
                                AT,
                                Map.of(bad, bad),
                                List.of(new Page.Section(bad, bad, List.of(item))))
                        .html();
        assertThat(html).doesNotContain("<img").doesNotContain("\u0000");
        assertThat(html.split("</script>", -1)).hasSize(2);
        assertThat(html).doesNotContain("http://").doesNotContain("https://");
    }

    @Test
    void staysSmallWithThirtyAndWithAThousandColumns() {
        assertThat(page(30).html().getBytes(StandardCharsets.UTF_8).length).isLessThan(300_000);
        assertThat(page(1_000).html().getBytes(StandardCharsets.UTF_8).length)
                .isLessThan(1_000_000);
    }

    @Test
    void aHistogramHasACountForEachBin() {
        assertThatThrownBy(() -> new Histogram(List.of("a"), List.of(), List.of(1L, 2L)))
                .hasMessageContaining("1 bins, 2 counts now");
        assertThat(Histogram.shares(List.of(0L, 0L))).containsExactly(0, 0);
        assertThat(Histogram.shares(List.of(1L, 3L))).containsExactly(0.25, 0.75);
    }
}

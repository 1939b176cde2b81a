package dev.weir.ml.gate.page;

import dev.weir.ml.gate.Verdict;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a page as HTML. A text of a stranger is escaped wherever it stands. */
final class PageWriter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    /** Worst first: what a reader came for. */
    private static final List<Verdict> ORDER =
            List.of(Verdict.ERROR, Verdict.FAIL, Verdict.WARN, Verdict.SKIPPED, Verdict.PASS);

    private static final int WIDTH = 240;
    private static final int HEIGHT = 48;

    /** From here on a reader searches rather than scrolls, and bins are told no more one by one. */
    private static final int MANY = 200;

    private final Page page;
    private final StringBuilder out = new StringBuilder(1 << 16);
    private final boolean many;

    PageWriter(Page page) {
        this.page = page;
        this.many = page.sections().stream().mapToInt(s -> s.items().size()).sum() > MANY;
    }

    String html() {
        out.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        out.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
        out.append("<meta name=\"color-scheme\" content=\"light dark\"><title>");
        text(page.subject() + ": " + page.kind());
        out.append("</title>\n<style>").append(resource("page.css")).append("</style></head>\n");
        out.append("<body><main>");
        head();
        page.sections().forEach(this::section);
        out.append("</main><script>").append(resource("page.js")).append("</script></body></html>");
        return out.append('\n').toString();
    }

    private void head() {
        Map<Verdict, Long> counts = page.counts();
        Verdict worst =
                ORDER.stream().filter(counts::containsKey).findFirst().orElse(Verdict.SKIPPED);
        boolean nothingWrong = worst == Verdict.SKIPPED && counts.containsKey(Verdict.PASS);
        out.append("<header><p class=\"kind\">");
        text(page.kind());
        out.append("</p><h1>");
        text(page.subject());
        out.append(' ');
        verdict(nothingWrong ? Verdict.PASS : worst);
        out.append("</h1><p class=\"at\">").append(TIME.format(page.at())).append("</p><dl>");
        page.facts()
                .forEach(
                        (name, value) -> {
                            out.append("<div><dt>");
                            text(name);
                            out.append("</dt><dd>");
                            text(value);
                            out.append("</dd></div>");
                        });
        out.append("</dl><nav>");
        for (Verdict verdict : ORDER) {
            Long count = counts.get(verdict);
            if (count != null) {
                out.append("<button type=\"button\" aria-pressed=\"true\" data-v=\"")
                        .append(verdict.word())
                        .append("\"><b>")
                        .append(String.format(Locale.ROOT, "%,d", count))
                        .append("</b> ");
                verdict(verdict);
                out.append("</button>");
            }
        }
        out.append("<input type=\"search\" placeholder=\"Find\" aria-label=\"Find\"></nav>");
        out.append("</header>");
    }

    private void section(Page.Section section) {
        out.append("\n<section><h2>");
        text(section.title());
        out.append("</h2>");
        if (!section.note().isEmpty()) {
            out.append("<p class=\"note\">");
            text(section.note());
            out.append("</p>");
        }
        section.items().stream()
                .sorted((a, b) -> ORDER.indexOf(a.verdict()) - ORDER.indexOf(b.verdict()))
                .forEach(this::item);
        out.append("</section>");
    }

    private void item(Item item) {
        boolean opens = !item.details().isEmpty();
        String tag = opens ? "details" : "div";
        out.append("\n<").append(tag).append(" class=\"item\" data-v=\"");
        out.append(item.verdict().word()).append("\">");
        out.append(opens ? "<summary>" : "<div class=\"line\">");
        verdict(item.verdict());
        out.append("<span class=\"name\">");
        text(item.name());
        out.append("</span>");
        part("value", item.value());
        part("expected", item.expected());
        if (item.chart() != null) {
            chart(item.chart());
        }
        part("message", item.message());
        out.append(opens ? "</summary>" : "</div>");
        item.details().forEach(this::detail);
        out.append("</").append(tag).append('>');
    }

    private void part(String kind, String words) {
        if (!words.isEmpty()) {
            out.append("<span class=\"").append(kind).append("\">");
            text(words);
            out.append("</span>");
        }
    }

    private void detail(Detail detail) {
        out.append("<h3>");
        text(detail.title());
        out.append("</h3>");
        switch (detail) {
            case Detail.Code(String _, String code) -> {
                out.append("<pre>");
                text(code);
                out.append("</pre>");
            }
            case Detail.Table(String _, List<String> headings, List<List<String>> rows) -> {
                out.append("<div class=\"wide\"><table><tr>");
                headings.forEach(heading -> cell("th", heading));
                out.append("</tr>");
                for (List<String> row : rows) {
                    out.append("<tr>");
                    row.forEach(value -> cell("td", value));
                    out.append("</tr>");
                }
                out.append("</table></div>");
            }
        }
    }

    private void cell(String tag, String value) {
        out.append('<').append(tag).append('>');
        text(value);
        out.append("</").append(tag).append('>');
    }

    private void verdict(Verdict verdict) {
        String word = verdict.word();
        out.append("<span class=\"v ").append(word).append("\">").append(word).append("</span>");
    }

    /** Grey bars are the baseline, the line over them is now; both as shares, to one scale. */
    private void chart(Histogram histogram) {
        double[] now = Histogram.shares(histogram.current());
        double[] then = Histogram.shares(histogram.baseline());
        double most = 1e-9;
        for (double share : now) {
            most = Math.max(most, share);
        }
        for (double share : then) {
            most = Math.max(most, share);
        }
        int bins = Math.max(1, histogram.bins().size());
        out.append("<svg viewBox=\"0 0 ").append(WIDTH).append(' ').append(HEIGHT);
        out.append("\" role=\"img\" preserveAspectRatio=\"none\"><title>");
        title(histogram, then, now);
        out.append("</title>");
        boolean alone = then.length == 0;
        out.append("<path class=\"then\" d=\"");
        bars(alone ? now : then, most, bins);
        out.append("\"/>");
        if (!alone) {
            out.append("<path class=\"now\" d=\"");
            steps(now, most, bins);
            out.append("\"/>");
        }
        out.append("</svg>");
    }

    private void bars(double[] shares, double most, int bins) {
        for (int i = 0; i < shares.length; i++) {
            int left = edge(i, bins);
            int high = height(shares[i], most);
            int wide = Math.max(1, edge(i + 1, bins) - left - (bins > WIDTH / 3 ? 0 : 1));
            if (high > 0) {
                out.append('M').append(left).append(' ').append(HEIGHT).append('v').append(-high);
                out.append('h').append(wide).append('v').append(high).append('z');
            }
        }
    }

    private void steps(double[] shares, double most, int bins) {
        for (int i = 0; i < shares.length; i++) {
            int at = Math.max(1, HEIGHT - height(shares[i], most));
            out.append(i == 0 ? "M0 " : "V").append(at).append('H').append(edge(i + 1, bins));
        }
    }

    private static int edge(int bin, int bins) {
        return bin * WIDTH / bins;
    }

    private static int height(double share, double most) {
        return (int) Math.round(share / most * (HEIGHT - 2));
    }

    private void title(Histogram histogram, double[] then, double[] now) {
        if (many) {
            text(histogram.bins().size() + " bins");
            return;
        }
        for (int i = 0; i < now.length; i++) {
            text(histogram.bins().get(i) + ": ");
            if (then.length > 0) {
                text(percent(then[i]) + " → ");
            }
            text(percent(now[i]) + "\n");
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, share >= 0.0995 ? "%.0f %%" : "%.1f %%", 100 * share);
    }

    private void text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
            }
        }
    }

    private static String resource(String name) {
        try (InputStream in = PageWriter.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + ": not in Weir's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

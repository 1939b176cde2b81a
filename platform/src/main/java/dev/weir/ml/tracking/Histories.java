package dev.weir.ml.tracking;

import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the history of a metric page by page, from the call at which a page begins. */
final class Histories {
    /** Calls that are read at once; a call logs one point or a thousand. */
    private static final int CALLS = 1_000;

    /** The number of a call, and how many of its points the pages before have shown. */
    private static final Pattern TOKEN = Pattern.compile("(\\d{1,18})[.](\\d{1,9})");

    private final MetricDao metrics;

    Histories(Transaction tx) {
        this.metrics = new MetricDao(tx);
    }

    HistoryPage page(String runId, String key, int limit, @Nullable String token) {
        long seq = 0;
        int shown = 0;
        if (token != null) {
            Matcher found = TOKEN.matcher(token);
            if (!found.matches()) {
                throw Limits.invalid(
                        "page.token",
                        "page token: '" + token + "' (expected: one that a page gave)");
            }
            seq = Long.parseLong(found.group(1));
            shown = Integer.parseInt(found.group(2));
        }
        return metrics.repeats(runId, key)
                ? ofRepeating(runId, key, limit, shown)
                : from(runId, key, limit, seq, shown);
    }

    private HistoryPage from(String runId, String key, int limit, long start, int shown) {
        List<MetricPoint> points = new ArrayList<>();
        long seq = start;
        int skip = shown;
        while (true) {
            List<MetricDao.Packed> calls = metrics.packedFrom(runId, key, seq, CALLS);
            for (MetricDao.Packed call : calls) {
                List<MetricPoint> logged = new ArrayList<>();
                Points.unpack(call.points(), logged::add);
                int from = call.seq() == start ? Math.min(skip, logged.size()) : 0;
                int room = limit - points.size();
                if (logged.size() - from > room) {
                    points.addAll(logged.subList(from, from + room));
                    return new HistoryPage(points, call.seq() + "." + (from + room));
                }
                points.addAll(logged.subList(from, logged.size()));
                seq = call.seq() + 1;
            }
            if (calls.size() < CALLS) {
                return new HistoryPage(points, null);
            }
        }
    }

    /** Where a point may be there twice, all of it must be read to tell. */
    private HistoryPage ofRepeating(String runId, String key, int limit, int shown) {
        List<MetricPoint> all = metrics.history(runId, key);
        int from = Math.min(shown, all.size());
        int to = Math.min(from + limit, all.size());
        return new HistoryPage(all.subList(from, to), to < all.size() ? "0." + to : null);
    }
}

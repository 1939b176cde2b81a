package dev.weir.server.mlflow;

import dev.weir.ml.tracking.HistoryPage;
import dev.weir.ml.tracking.MetricPoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code metrics/…}: histories. */
final class MetricCalls {
    private static final int MOST_ON_A_PAGE = 25_000;
    private static final int MOST_RUNS = 100;
    private static final int MOST_OF_AN_INTERVAL = 2_500;

    void routes(Routes routes) {
        routes.at("GET", "metrics/get-history", this::history);
        routes.at("GET", "metrics/get-history-bulk", this::bulk);
        routes.at("GET", "metrics/get-history-bulk-interval", this::interval);
    }

    /** Without max_results all of it, which clients that know no pages rely on. */
    private Answer history(Asked asked) {
        Workspace in = asked.workspace();
        String run = asked.runId();
        String key = asked.text("metric_key");
        int limit =
                asked.whole("max_results").isPresent()
                        ? asked.maxResults(MOST_ON_A_PAGE, MOST_ON_A_PAGE)
                        : Integer.MAX_VALUE;
        String token = asked.maybe("page_token").filter(t -> !t.isEmpty()).orElse(null);
        HistoryPage page = in.read(tx -> in.tracking().history(tx, run, key, limit, token));
        return json -> {
            if (!page.points().isEmpty()) {
                json.writeArrayPropertyStart("metrics");
                page.points().forEach(point -> Wire.metric(json, key, point));
                json.writeEndArray();
            }
            if (page.next() instanceof String next) {
                json.writeStringProperty("next_page_token", next);
            }
        };
    }

    /** The points of a metric of one run. */
    private record OfRun(String run, List<MetricPoint> points) {}

    private static List<OfRun> of(Workspace in, List<String> runs, String key, int most) {
        if (runs.isEmpty()) {
            throw MlflowException.missing("run_ids");
        }
        if (runs.size() > MOST_RUNS) {
            throw MlflowException.invalid(
                    "GetMetricHistoryBulk request cannot specify more than %d run_ids. Received %d run_ids."
                            .formatted(MOST_RUNS, runs.size()));
        }
        return in.read(
                tx ->
                        runs.stream()
                                .map(
                                        run ->
                                                new OfRun(
                                                        run,
                                                        in.tracking()
                                                                .history(tx, run, key, most, null)
                                                                .points()))
                                .toList());
    }

    private static Answer answer(String key, List<OfRun> all) {
        return json -> {
            json.writeArrayPropertyStart("metrics");
            for (OfRun one : all) {
                for (MetricPoint point : one.points()) {
                    json.writeStartObject();
                    Wire.metricFields(json, key, point);
                    json.writeStringProperty("run_id", one.run());
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
        };
    }

    private Answer bulk(Asked asked) {
        String key = asked.text("metric_key");
        int most = asked.maxResults(MOST_ON_A_PAGE, MOST_ON_A_PAGE);
        List<OfRun> kept = new ArrayList<>();
        int room = most;
        for (OfRun one : of(asked.workspace(), asked.texts("run_id"), key, most)) {
            List<MetricPoint> points = one.points().subList(0, Math.min(room, one.points().size()));
            kept.add(new OfRun(one.run(), points));
            room -= points.size();
        }
        return answer(key, kept);
    }

    /**
     * Of more steps than are asked for, those that lie evenly, the first and the last with them.
     */
    private Answer interval(Asked asked) {
        String key = asked.text("metric_key");
        int most = asked.maxResults(MOST_OF_AN_INTERVAL, MOST_OF_AN_INTERVAL);
        long start = asked.whole("start_step").orElse(Long.MIN_VALUE);
        long end = asked.whole("end_step").orElse(Long.MAX_VALUE);
        if (start > end) {
            throw MlflowException.invalid(
                    "end_step must be greater than start_step. Found start_step=%d and end_step=%d."
                            .formatted(start, end));
        }
        List<String> runs = asked.texts(asked.has("run_ids") ? "run_ids" : "run_id");
        List<OfRun> all =
                of(asked.workspace(), runs, key, Integer.MAX_VALUE).stream()
                        .map(
                                one ->
                                        new OfRun(
                                                one.run(),
                                                one.points().stream()
                                                        .filter(p -> p.step() >= start)
                                                        .filter(p -> p.step() <= end)
                                                        .toList()))
                        .toList();
        TreeSet<Long> steps =
                all.stream()
                        .flatMap(one -> one.points().stream())
                        .map(MetricPoint::step)
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<Long> kept = even(List.copyOf(steps), most);
        return answer(
                key,
                all.stream()
                        .map(
                                one ->
                                        new OfRun(
                                                one.run(),
                                                one.points().stream()
                                                        .filter(p -> kept.contains(p.step()))
                                                        .limit(most)
                                                        .toList()))
                        .toList());
    }

    static Set<Long> even(List<Long> steps, int most) {
        if (steps.size() <= most || most == 1) {
            return Set.copyOf(steps.subList(0, Math.min(most, steps.size())));
        }
        Set<Long> kept = new TreeSet<>();
        for (int i = 0; i < most; i++) {
            kept.add(steps.get((int) ((long) i * (steps.size() - 1) / (most - 1))));
        }
        return kept;
    }
}

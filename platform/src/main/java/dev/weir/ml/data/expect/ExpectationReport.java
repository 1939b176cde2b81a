package dev.weir.ml.data.expect;

import dev.weir.ml.data.profile.Profile.Count;
import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.Severity;
import dev.weir.ml.gate.Verdict;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a suite found in a table: every check, in the order of the suite.
 *
 * @param rows of the table
 */
public record ExpectationReport(long rows, List<Result> results) {
    public ExpectationReport {
        results = List.copyOf(results);
    }

    /**
     * What one check found.
     *
     * @param id of the check: {@code age.min}
     * @param column null for a rule or the table
     * @param kind {@code min}, {@code expr} …
     * @param verdict never {@code pass} for a check that could not be evaluated
     * @param evaluated rows (for {@code type} and {@code extra_columns}: columns) looked at
     * @param missing rows that it did not look at, because their value is missing
     * @param violations how many of them break it
     * @param measured the figure, for a check of one; null where it counts rows
     * @param allowed how many may, for a person: {@code 0}, {@code 0.1%}
     * @param message one sentence
     * @param top the values that break it most often, at most 5
     * @param samples the first rows that break it, at most 20; empty for checks of the whole table
     * @param query SQL that finds all of them in a table named {@code dataset}; null where no rows
     *     break it by themselves
     * @param bins what the column holds now and held in the baseline; null where nothing was
     *     compared
     */
    public record Result(
            String id,
            @Nullable String column,
            String kind,
            Severity severity,
            Verdict verdict,
            long evaluated,
            long missing,
            long violations,
            @Nullable Double measured,
            String allowed,
            String message,
            List<Count> top,
            List<Sample> samples,
            @Nullable String query,
            @Nullable Bins bins) {
        private static final Pattern SHARE = Pattern.compile("([0-9.]+)%");

        public Result {
            top = List.copyOf(top);
            samples = List.copyOf(samples);
        }

        /** The same with no bins. */
        public Result(
                String id,
                @Nullable String column,
                String kind,
                Severity severity,
                Verdict verdict,
                long evaluated,
                long missing,
                long violations,
                @Nullable Double measured,
                String allowed,
                String message,
                List<Count> top,
                List<Sample> samples,
                @Nullable String query) {
            this(
                    id,
                    column,
                    kind,
                    severity,
                    verdict,
                    evaluated,
                    missing,
                    violations,
                    measured,
                    allowed,
                    message,
                    top,
                    samples,
                    query,
                    null);
        }

        /** The share of what was evaluated that breaks it; 0 where nothing was. */
        public double fraction() {
            return evaluated == 0 ? 0 : (double) violations / evaluated;
        }

        /** The share that is allowed; none where it is a count of rows. */
        public OptionalDouble allowedShare() {
            Matcher share = SHARE.matcher(allowed);
            return share.matches()
                    ? OptionalDouble.of(Double.parseDouble(share.group(1)) / 100)
                    : allowed.equals("0") ? OptionalDouble.of(0) : OptionalDouble.empty();
        }

        /** The result as gates see evidence. */
        public Evidence.Item evidence() {
            return switch (verdict) {
                case ERROR -> new Evidence.Undefined(message);
                case SKIPPED -> new Evidence.TooLittle(message);
                case PASS, WARN, FAIL ->
                        new Evidence.Tally(violations, evaluated, message, allowed);
            };
        }
    }

    /**
     * Counts in the bins of a baseline.
     *
     * @param labels what each holds
     */
    public record Bins(List<String> labels, List<Long> baseline, List<Long> current) {
        public Bins {
            labels = List.copyOf(labels);
            baseline = List.copyOf(baseline);
            current = List.copyOf(current);
        }
    }

    /**
     * A row that breaks a check.
     *
     * @param row its number in the table, from 1
     * @param key its key columns, by name; empty where the suite has no key
     * @param value the value that breaks it; null where it is missing; {@code ***} for personal
     *     data
     */
    public record Sample(long row, Map<String, String> key, @Nullable String value) {
        public Sample {
            key = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(key));
        }
    }

    /**
     * The worst verdict: an error goes before a failure, that before a warning; skipped where no
     * rule had anything to look at.
     */
    public Verdict verdict() {
        boolean skipped =
                !results.isEmpty()
                        && results.stream().allMatch(r -> r.verdict() == Verdict.SKIPPED);
        Verdict worst = skipped ? Verdict.SKIPPED : Verdict.PASS;
        for (Verdict verdict : List.of(Verdict.WARN, Verdict.FAIL, Verdict.ERROR)) {
            if (results.stream().anyMatch(r -> r.verdict() == verdict)) {
                worst = verdict;
            }
        }
        return worst;
    }

    /** The results that are no pass, in order. */
    public List<Result> notPassed() {
        return results.stream()
                .filter(r -> r.verdict() != Verdict.PASS && r.verdict() != Verdict.SKIPPED)
                .toList();
    }

    /** The same, with the results of a later report in the place of those of the same id. */
    public ExpectationReport with(ExpectationReport other) {
        Map<String, Result> newer = new LinkedHashMap<>();
        other.results.forEach(r -> newer.put(r.id, r));
        List<Result> all = new ArrayList<>();
        for (Result result : results) {
            Result later = newer.remove(result.id);
            all.add(later == null ? result : later);
        }
        all.addAll(newer.values());
        return new ExpectationReport(rows, all);
    }

    /** As JSON. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("verdict", verdict().word()).put("rows", rows);
        var array = json.putArray("results");
        results.forEach(r -> write(r, array.addObject()));
        return json;
    }

    private static void write(Result result, ObjectNode json) {
        json.put("id", result.id);
        if (result.column != null) {
            json.put("column", result.column);
        }
        json.put("kind", result.kind);
        json.put("severity", result.severity.word()).put("verdict", result.verdict.word());
        json.put("evaluated", result.evaluated).put("missing", result.missing);
        json.put("violations", result.violations);
        if (result.measured != null) {
            json.put("measured", result.measured);
        }
        json.put("fraction", result.fraction()).put("allowed", result.allowed);
        json.put("message", result.message);
        if (!result.top.isEmpty()) {
            var top = json.putArray("top");
            result.top.forEach(c -> top.addObject().put("value", c.value()).put("rows", c.rows()));
        }
        if (!result.samples.isEmpty()) {
            var samples = json.putArray("samples");
            for (Sample sample : result.samples) {
                ObjectNode one = samples.addObject().put("row", sample.row);
                if (!sample.key.isEmpty()) {
                    ObjectNode key = one.putObject("key");
                    sample.key.forEach(key::put);
                }
                one.put("value", sample.value);
            }
        }
        if (result.query != null) {
            json.put("query", result.query);
        }
        if (result.bins != null) {
            ObjectNode bins = json.putObject("bins");
            result.bins.labels.forEach(bins.putArray("labels")::add);
            result.bins.baseline.forEach(bins.putArray("baseline")::add);
            result.bins.current.forEach(bins.putArray("current")::add);
        }
    }

    /** Reads what {@link #json()} wrote. */
    public static ExpectationReport of(JsonNode json) {
        List<Result> results = new ArrayList<>();
        json.required("results").forEach(r -> results.add(read(r)));
        return new ExpectationReport(json.required("rows").longValue(), results);
    }

    private static Result read(JsonNode json) {
        List<Count> top = new ArrayList<>();
        for (JsonNode count : json.path("top")) {
            top.add(
                    new Count(
                            count.required("value").stringValue(),
                            count.required("rows").longValue()));
        }
        List<Sample> samples = new ArrayList<>();
        for (JsonNode sample : json.path("samples")) {
            Map<String, String> key = new LinkedHashMap<>();
            sample.path("key")
                    .properties()
                    .forEach(e -> key.put(e.getKey(), e.getValue().asString()));
            samples.add(new Sample(sample.required("row").longValue(), key, text(sample, "value")));
        }
        return new Result(
                json.required("id").stringValue(),
                text(json, "column"),
                json.required("kind").stringValue(),
                Severity.of(json.required("severity").stringValue()),
                Verdict.of(json.required("verdict").stringValue()),
                json.required("evaluated").longValue(),
                json.path("missing").asLong(0),
                json.required("violations").longValue(),
                json.has("measured") ? (Double) json.required("measured").doubleValue() : null,
                json.required("allowed").stringValue(),
                json.required("message").stringValue(),
                top,
                samples,
                text(json, "query"),
                json.has("bins") ? bins(json.required("bins")) : null);
    }

    private static Bins bins(JsonNode json) {
        List<String> labels = new ArrayList<>();
        json.required("labels").forEach(l -> labels.add(l.stringValue()));
        return new Bins(
                labels, wholes(json.required("baseline")), wholes(json.required("current")));
    }

    private static List<Long> wholes(JsonNode list) {
        List<Long> wholes = new ArrayList<>();
        list.forEach(n -> wholes.add(n.longValue()));
        return wholes;
    }

    private static @Nullable String text(JsonNode json, String key) {
        JsonNode value = json.get(key);
        return value == null || value.isNull() ? null : value.stringValue();
    }
}

package dev.weir.ml.tracking.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ml.tracking.Batch;
import dev.weir.ml.tracking.Experiments;
import dev.weir.ml.tracking.Metric;
import dev.weir.ml.tracking.NewRun;
import dev.weir.ml.tracking.Run;
import dev.weir.ml.tracking.Tracking;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.TestDatabases;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Compares the search with a naive one in memory, over random runs, filters, orders and pages. The
 * naive one is made beside the text of each filter, and shares nothing with what is tested.
 */
@ParameterizedClass
@EnumSource(Dialect.class)
class RunSearchTest {
    private static final boolean FULL = Boolean.getBoolean("weir.test.full");
    private static final int WORLDS = FULL ? 40 : 4;
    private static final int QUERIES = FULL ? 1_000 : 300;
    private static final int RUNS = 40;
    private static final double[] VALUES = {
        -1, 0, 0.5, 1, 2, 1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
    };
    private static final String[] TEXTS = {"", "a", "A", "ab", "a_b", "a%b", "b*", "x[y]", "it's"};
    private static final String[] PATTERNS = {
        "a%", "%b", "_", "a_b", "%", "%*%", "%[%", "A%", "it's", ""
    };

    private final Database database;
    private final Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private final Tracking tracking = new Tracking("default", clock);
    private final RunSearch search = new RunSearch("default", tracking);

    RunSearchTest(Dialect dialect) {
        database = TestDatabases.fresh(dialect);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** A run as the naive search sees it. */
    private record Naive(
            String id,
            String experiment,
            String name,
            long startMs,
            boolean deleted,
            Map<String, Double> metrics,
            Map<String, String> params,
            Map<String, String> tags) {}

    /** A filter's text, and what it means. */
    private record Meant(String text, Predicate<Naive> test) {}

    /** An order's text, and what it means. */
    private record Ordered(String text, Comparator<Naive> compare) {}

    @Test
    void findsWhatANaiveSearchFinds() {
        for (int seed = 0; seed < WORLDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<String> experiments = new ArrayList<>();
            List<Naive> world = world(random, seed, experiments);
            for (int i = 0; i < QUERIES; i++) {
                compare(random, world, experiments, "seed " + seed + " query " + i);
            }
        }
    }

    private List<Naive> world(SplittableRandom random, int seed, List<String> experiments) {
        List<Naive> world = new ArrayList<>();
        Experiments life = new Experiments("default", clock);
        for (int e = 0; e < 2; e++) {
            String name = "world " + seed + "." + e;
            experiments.add(database.write(tx -> life.create(tx, name, "", Map.of())).id());
        }
        for (int i = 0; i < RUNS; i++) {
            Naive run =
                    new Naive(
                            "%02d%s".formatted(seed, Long.toHexString(random.nextLong())),
                            experiments.get(random.nextInt(2)),
                            pick(random, "r", "run a", "Run B", "weird'name"),
                            random.nextInt(8) * 1_000L,
                            random.nextInt(8) == 0,
                            new HashMap<>(),
                            new HashMap<>(),
                            new HashMap<>());
            for (String key : List.of("m", "loss/val", "m 2")) {
                if (random.nextInt(3) > 0) {
                    run.metrics().put(key, VALUES[random.nextInt(VALUES.length)]);
                }
                if (random.nextInt(3) > 0) {
                    run.params().put(key, TEXTS[random.nextInt(TEXTS.length)]);
                }
                if (random.nextInt(3) > 0) {
                    run.tags().put(key, TEXTS[random.nextInt(TEXTS.length)]);
                }
            }
            world.add(run);
            write(run);
        }
        return world;
    }

    private void write(Naive run) {
        database.writing(
                tx -> {
                    tracking.start(
                            tx,
                            new NewRun(
                                    run.id(),
                                    run.experiment(),
                                    run.name(),
                                    "anna",
                                    Instant.ofEpochMilli(run.startMs()),
                                    run.tags()));
                    List<Metric> metrics = new ArrayList<>();
                    run.metrics().forEach((k, v) -> metrics.add(Metric.of(k, v, 1)));
                    tracking.log(tx, run.id(), new Batch(run.params(), metrics, Map.of()));
                    if (run.deleted()) {
                        tracking.delete(tx, run.id());
                    }
                });
    }

    private void compare(
            SplittableRandom random, List<Naive> world, List<String> experiments, String what) {
        Meant filter = random.nextInt(6) == 0 ? new Meant("", r -> true) : filter(random, 0);
        List<Ordered> orders = orders(random);
        RunQuery.View view = RunQuery.View.values()[random.nextInt(3)];
        List<String> in = random.nextBoolean() ? experiments : experiments.subList(0, 1);
        Comparator<Naive> order =
                orders.stream()
                        .map(Ordered::compare)
                        .reduce((a, b) -> 0, Comparator::thenComparing)
                        .thenComparing(Comparator.comparing(Naive::startMs).reversed())
                        .thenComparing(Naive::id);
        List<String> expected =
                world.stream()
                        .filter(run -> in.contains(run.experiment()))
                        .filter(
                                run ->
                                        view == RunQuery.View.ALL
                                                || run.deleted()
                                                        == (view == RunQuery.View.DELETED_ONLY))
                        .filter(filter.test())
                        .sorted(order)
                        .map(Naive::id)
                        .toList();
        int limit = 1 + random.nextInt(RUNS + 5);
        RunQuery query =
                RunQuery.in(in)
                        .where(filter.text())
                        .orderBy(orders.stream().map(Ordered::text).toArray(String[]::new))
                        .view(view)
                        .limit(limit);
        assertThat(pages(query))
                .as("%s: %s order %s %s limit %d", what, filter.text(), orders, view, limit)
                .isEqualTo(expected);
    }

    private List<String> pages(RunQuery query) {
        List<String> found = new ArrayList<>();
        @Nullable String token = null;
        do {
            RunQuery next = query.from(token);
            Page<Run> page = database.read(tx -> search.search(tx, next));
            assertThat(page.items().size()).isLessThanOrEqualTo(query.limit());
            if (token != null) {
                assertThat(page.items()).as("a page after a token").isNotEmpty();
            }
            page.items().forEach(run -> found.add(run.info().id()));
            token = page.next();
        } while (token != null);
        return found;
    }

    private Meant filter(SplittableRandom random, int depth) {
        if (depth < 3 && random.nextInt(3) == 0) {
            Meant left = filter(random, depth + 1);
            Meant right = filter(random, depth + 1);
            return switch (random.nextInt(3)) {
                case 0 ->
                        new Meant(
                                "(" + left.text() + ") AND (" + right.text() + ")",
                                left.test().and(right.test()));
                case 1 ->
                        new Meant(
                                "(" + left.text() + " or " + right.text() + ")",
                                left.test().or(right.test()));
                default -> new Meant("not (" + left.text() + ")", left.test().negate());
            };
        }
        return switch (random.nextInt(5)) {
            case 0 -> metric(random);
            case 1 -> text(random, pick(random, "params", "param", "parameter"), Naive::params);
            case 2 -> text(random, pick(random, "tags", "tag"), Naive::tags);
            case 3 -> start(random);
            default -> name(random);
        };
    }

    private static Meant metric(SplittableRandom random) {
        String key = pick(random, "m", "loss/val", "m 2");
        double wanted = VALUES[random.nextInt(6)];
        String operator = pick(random, "=", "!=", "<", "<=", ">", ">=");
        return new Meant(
                "metrics.`" + key + "` " + operator + " " + wanted,
                run -> {
                    Double value = run.metrics().get(key);
                    return value != null && holds(operator, value, wanted);
                });
    }

    private static boolean holds(String operator, double value, double wanted) {
        return switch (operator) {
            case "=" -> value == wanted;
            case "!=" -> value != wanted;
            case "<" -> value < wanted;
            case "<=" -> value <= wanted;
            case ">" -> value > wanted;
            default -> value >= wanted;
        };
    }

    private static Meant text(
            SplittableRandom random, String kind, Function<Naive, Map<String, String>> values) {
        String key = pick(random, "m", "loss/val", "m 2");
        return compared(
                random,
                kind + (key.equals("m") ? ".m" : ".\"" + key + "\""),
                run -> values.apply(run).get(key));
    }

    private static Meant name(SplittableRandom random) {
        return random.nextBoolean()
                ? compared(random, pick(random, "run_name", "attributes.run_name"), Naive::name)
                : compared(random, "user_id", run -> "anna");
    }

    private static Meant compared(
            SplittableRandom random, String field, Function<Naive, @Nullable String> value) {
        String operator = pick(random, "=", "!=", "LIKE", "ILIKE");
        String wanted =
                operator.endsWith("LIKE")
                        ? PATTERNS[random.nextInt(PATTERNS.length)]
                        : TEXTS[random.nextInt(TEXTS.length)];
        Predicate<String> test =
                switch (operator) {
                    case "=" -> wanted::equals;
                    case "!=" -> text -> !wanted.equals(text);
                    case "LIKE" -> text -> like(text, wanted);
                    default ->
                            text ->
                                    like(
                                            text.toLowerCase(Locale.ROOT),
                                            wanted.toLowerCase(Locale.ROOT));
                };
        return new Meant(
                field + " " + operator + " '" + wanted.replace("'", "''") + "'",
                run -> {
                    String text = value.apply(run);
                    return text != null && test.test(text);
                });
    }

    /** By recursion, where the other goes by patterns. */
    private static boolean like(String text, String pattern) {
        if (pattern.isEmpty()) {
            return text.isEmpty();
        }
        char first = pattern.charAt(0);
        String rest = pattern.substring(1);
        if (first == '%') {
            return like(text, rest) || !text.isEmpty() && like(text.substring(1), pattern);
        }
        return !text.isEmpty()
                && (first == '_' || first == text.charAt(0))
                && like(text.substring(1), rest);
    }

    private static Meant start(SplittableRandom random) {
        long wanted = random.nextInt(8) * 1_000L;
        String operator = pick(random, "=", "!=", "<", "<=", ">", ">=");
        return new Meant(
                pick(random, "start_time", "attributes.created") + operator + wanted,
                run -> holds(operator, run.startMs(), wanted));
    }

    private static List<Ordered> orders(SplittableRandom random) {
        List<Ordered> all = new ArrayList<>();
        for (String key : List.of("m", "loss/val")) {
            boolean up = random.nextBoolean();
            String direction = up ? pick(random, "", " ASC", " asc") : " DESC";
            all.add(
                    new Ordered(
                            "metrics.`" + key + "`" + direction,
                            Comparator.comparing(
                                    run -> run.metrics().get(key),
                                    Comparator.nullsLast((a, b) -> byNumber(a, b, up)))));
            all.add(
                    new Ordered(
                            "params.\"" + key + "\"" + direction,
                            Comparator.comparing(
                                    run -> run.params().get(key),
                                    Comparator.nullsLast(
                                            up
                                                    ? Comparator.<String>naturalOrder()
                                                    : Comparator.<String>reverseOrder()))));
            if (key.equals("m")) {
                all.add(
                        new Ordered(
                                "attributes.start_time" + direction,
                                up
                                        ? Comparator.comparing(Naive::startMs)
                                        : Comparator.comparing(Naive::startMs).reversed()));
            }
        }
        List<Ordered> chosen = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            chosen.add(all.remove(random.nextInt(all.size())));
        }
        return chosen;
    }

    private static int byNumber(double a, double b, boolean up) {
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
        }
        return up ? Double.compare(a, b) : Double.compare(b, a);
    }

    private static String pick(SplittableRandom random, String... from) {
        return from[random.nextInt(from.length)];
    }
}

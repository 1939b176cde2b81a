package dev.weir.ml.data.expect;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.expect.Expectation.Bound;
import dev.weir.ml.data.expect.Expectation.Check;
import dev.weir.ml.data.expect.Expectation.Columns;
import dev.weir.ml.data.expect.Expectation.Delta;
import dev.weir.ml.data.expect.Expectation.Drifted;
import dev.weir.ml.data.expect.Expectation.DuplicateRows;
import dev.weir.ml.data.expect.Expectation.Expr;
import dev.weir.ml.data.expect.Expectation.Figure;
import dev.weir.ml.data.expect.Expectation.Finite;
import dev.weir.ml.data.expect.Expectation.Format;
import dev.weir.ml.data.expect.Expectation.FreshRange;
import dev.weir.ml.data.expect.Expectation.Freshness;
import dev.weir.ml.data.expect.Expectation.Increasing;
import dev.weir.ml.data.expect.Expectation.Length;
import dev.weir.ml.data.expect.Expectation.Measured;
import dev.weir.ml.data.expect.Expectation.Membership;
import dev.weir.ml.data.expect.Expectation.NoExtraColumns;
import dev.weir.ml.data.expect.Expectation.NotNull;
import dev.weir.ml.data.expect.Expectation.Reference;
import dev.weir.ml.data.expect.Expectation.Regex;
import dev.weir.ml.data.expect.Expectation.RowCount;
import dev.weir.ml.data.expect.Expectation.Side;
import dev.weir.ml.data.expect.Expectation.Sql;
import dev.weir.ml.data.expect.Expectation.Statistic;
import dev.weir.ml.data.expect.Expectation.TableDrifted;
import dev.weir.ml.data.expect.Expectation.Type;
import dev.weir.ml.data.expect.Expectation.Unique;
import dev.weir.ml.gate.Severity;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns the YAML of a suite into its checks. */
final class SuiteReader {
    private static final List<String> RULES =
            List.of("expr", "unique", "references", "sql", "correlation");
    private static final Duration SQL_TIMEOUT = Duration.ofSeconds(30);
    private final ConfigNode yaml;
    private final List<Expectation> expectations = new ArrayList<>();
    private final Map<String, Column> types = new LinkedHashMap<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> personal = new HashSet<>();

    SuiteReader(ConfigNode yaml) {
        this.yaml = yaml;
    }

    ExpectationSuite suite() {
        List<String> columns = new ArrayList<>();
        yaml.at("columns")
                .ifPresent(
                        all -> {
                            for (String name : all.json().propertyNames()) {
                                columns.add(name);
                                all.at(name).ifPresent(c -> column(name, c));
                            }
                        });
        yaml.at("rules").ifPresent(rules -> rules.items().forEach(this::rule));
        boolean extra = true;
        ConfigNode table = yaml.at("table").orElse(null);
        if (table != null) {
            table(table, columns);
            extra = table.at("extra_columns").filter(e -> e.text().equals("forbid")).isEmpty();
        }
        return new ExpectationSuite(
                yaml.at("key").map(ConfigNode::texts).orElse(List.of()),
                text(yaml, "where"),
                types,
                columns,
                extra,
                personal,
                drift(),
                expectations);
    }

    private DriftTerms drift() {
        ConfigNode drift = yaml.at("drift").orElse(null);
        if (drift == null) {
            return DriftTerms.STANDARD;
        }
        ConfigNode limits = drift.at("default").orElse(null);
        Double most = drift.at("max_drifted_fraction").map(ConfigNode::number).orElse(null);
        if (limits != null || most != null) {
            Check check =
                    new TableDrifted(limits == null ? null : DriftReader.limits(limits), most);
            add("drift", null, check, drift, drift);
        }
        return DriftReader.terms(drift);
    }

    private void table(ConfigNode table, List<String> columns) {
        for (Map.Entry<String, ConfigNode> entry : table.entries().entrySet()) {
            ConfigNode value = entry.getValue();
            Check check = tableCheck(entry.getKey(), value, columns);
            if (check != null) {
                add("table." + entry.getKey(), null, check, value, table);
            }
            if (entry.getKey().equals(Figure.ROW_COUNT.key())) {
                refuseCrossed(value, "min", "max");
                change(
                        "table.row_count",
                        new Measured(Figure.ROW_COUNT, List.of(), 0),
                        value,
                        table);
            }
        }
    }

    /** The table of checks of the table; null for keys that qualify the checks beside them. */
    private @Nullable Check tableCheck(String key, ConfigNode value, List<String> columns) {
        return switch (key) {
            case "row_count" ->
                    value.at("min").or(() -> value.at("max")).isEmpty()
                            ? null
                            : new RowCount(whole(value, "min"), whole(value, "max"));
            case "extra_columns" ->
                    value.text().equals("forbid") ? new NoExtraColumns(columns) : null;
            case "columns" -> columns(value);
            case "duplicate_rows" ->
                    value.json().isString() && value.text().equals("allow")
                            ? null
                            : new DuplicateRows();
            case "freshness" ->
                    new Freshness(value.need("column").text(), value.need("max_age").duration());
            default -> null;
        };
    }

    private static Columns columns(ConfigNode value) {
        Optional<ConfigNode> exact = value.at("exact");
        Optional<ConfigNode> superset = value.at("superset");
        if (exact.isPresent() == superset.isPresent()) {
            throw value.problem(
                            "expectations.columns",
                            value.path() + " (expected: one of exact, superset)")
                    .exception();
        }
        boolean ordered = value.at("order").filter(ConfigNode::flag).isPresent();
        return new Columns(
                exact.or(() -> superset).orElseThrow().texts(), exact.isPresent(), ordered);
    }

    private void column(String name, ConfigNode column) {
        for (Map.Entry<String, ConfigNode> entry : column.entries().entrySet()) {
            ConfigNode value = entry.getValue();
            Check check = check(name, entry.getKey(), value);
            if (check != null) {
                add(name + "." + entry.getKey(), name, check, value, column);
            }
            figure(entry.getKey()).ifPresent(f -> figure(name, f, value, column));
        }
        if (column.at("pii").filter(ConfigNode::flag).isPresent()) {
            personal.add(name);
        }
        refuseCrossed(column, Side.MIN.key(), Side.MAX.key());
        column.at("length").ifPresent(length -> refuseCrossed(length, "min", "max"));
    }

    /** The table of checks by key; null for keys that qualify the checks beside them. */
    private @Nullable Check check(String column, String key, ConfigNode value) {
        return switch (key) {
            case "type" -> type(column, value);
            case "not_null" -> on(value) ? new NotNull() : null;
            case "unique" -> on(value) ? new Unique(List.of(column)) : null;
            case "finite" -> on(value) ? new Finite() : null;
            case "min" -> new Bound(Side.MIN, value.json());
            case "max" -> new Bound(Side.MAX, value.json());
            case "exclusive_min" -> new Bound(Side.EXCLUSIVE_MIN, value.json());
            case "exclusive_max" -> new Bound(Side.EXCLUSIVE_MAX, value.json());
            case "in" -> new Membership(true, scalars(value));
            case "not_in" -> new Membership(false, scalars(value));
            case "regex" -> new Regex(true, value.text());
            case "not_regex" -> new Regex(false, value.text());
            case "format" -> format(value);
            case "increasing" -> on(value) ? new Increasing(value.text().equals("strictly")) : null;
            case "fresh_range" -> on(value) ? freshRange(value) : null;
            case "references" -> reference(value);
            case "length" -> new Length(whole(value, "min"), whole(value, "max"));
            case "drift" -> new Drifted(DriftReader.limits(value));
            default -> null;
        };
    }

    private static Optional<Figure> figure(String key) {
        return Arrays.stream(Figure.values())
                .filter(f -> f.key().equals(key) && f != Figure.ROW_COUNT)
                .findFirst();
    }

    /** Bounds of a figure, each of several in a list, and how much it may change. */
    private void figure(String column, Figure figure, ConfigNode value, ConfigNode owner) {
        for (ConfigNode one : value.items()) {
            double share = one.at("p").map(ConfigNode::number).orElse(0.0);
            if (figure == Figure.QUANTILE && one.at("p").isEmpty()) {
                throw one.problem(
                                "expectations.quantile",
                                one.path() + " (expected: p, the share of values below it)")
                        .exception();
            }
            String id = column + "." + figure.key() + (share == 0 ? "" : "." + share);
            bounds(id, column, new Measured(figure, List.of(column), share), one, owner);
        }
    }

    private void bounds(
            String id,
            @Nullable String column,
            Measured measured,
            ConfigNode value,
            ConfigNode owner) {
        Double min = value.at("min").map(ConfigNode::number).orElse(null);
        Double max = value.at("max").map(ConfigNode::number).orElse(null);
        boolean change = value.at("change").isPresent();
        if (min == null && max == null && !change) {
            throw value.problem(
                            "expectations.bounds",
                            value.path() + " (expected: one of min, max, change)")
                    .exception();
        }
        refuseCrossed(value, "min", "max");
        if (min != null || max != null) {
            add(id, column, new Statistic(measured, min, max), value, owner);
        }
        change(id, measured, value, owner);
    }

    private void change(String id, Measured measured, ConfigNode value, ConfigNode owner) {
        ConfigNode max = value.at("change", "max").orElse(null);
        if (max != null) {
            String column = measured.columns().size() == 1 ? measured.columns().getFirst() : null;
            add(id + ".change", column, new Delta(measured, max.number()), max, owner);
        }
    }

    private static Format format(ConfigNode value) {
        String text = value.text();
        boolean date = text.startsWith("date:");
        boolean known = date ? text.contains("%") : Format.NAMES.contains(text);
        if (!known || text.equals("date")) {
            throw value.expected("email, uuid, url, json, ipv4, or date:%Y-%m-%d and the like");
        }
        return date ? new Format("date", text.substring(5)) : new Format(text, "");
    }

    private static FreshRange freshRange(ConfigNode value) {
        return new FreshRange(
                value.at("max_age").map(ConfigNode::duration).orElse(null),
                value.at("max_ahead").map(ConfigNode::duration).orElse(Duration.ZERO));
    }

    private static Reference reference(ConfigNode value) {
        String text = value.text();
        int dot = text.indexOf('.');
        if (dot <= 0 || dot == text.length() - 1) {
            throw value.expected("DATASET.COLUMN");
        }
        return new Reference(text.substring(0, dot), text.substring(dot + 1));
    }

    private Type type(String column, ConfigNode value) {
        if (ColumnType.of(value.text()).isEmpty()) {
            throw value.expected("bigint, double, decimal, boolean, varchar, date or timestamp");
        }
        types.put(column, Column.of(column, value.text()));
        return new Type(value.text());
    }

    private static boolean on(ConfigNode value) {
        return !value.json().isBoolean() || value.flag();
    }

    private static List<JsonNode> scalars(ConfigNode list) {
        return list.items().stream().map(ConfigNode::json).toList();
    }

    private void rule(ConfigNode rule) {
        String id = rule.need("id").text();
        List<String> kinds = RULES.stream().filter(k -> rule.at(k).isPresent()).toList();
        if (kinds.size() != 1) {
            throw rule.problem(
                            "expectations.rule",
                            "rule " + id + " (expected: one of " + String.join(", ", RULES) + ")")
                    .exception();
        }
        ConfigNode value = rule.need(kinds.getFirst());
        String column = text(rule, "column");
        switch (kinds.getFirst()) {
            case "expr" -> add(id, null, new Expr(value.text()), rule, rule);
            case "unique" -> add(id, null, new Unique(value.texts()), rule, rule);
            case "references" -> add(id, rule.need("column").text(), reference(value), rule, rule);
            case "sql" -> {
                Duration timeout = rule.at("timeout").map(ConfigNode::duration).orElse(SQL_TIMEOUT);
                add(id, column, new Sql(value.text(), timeout), rule, rule);
            }
            case "correlation" -> {
                List<String> columns = value.texts();
                if (columns.size() != 2) {
                    throw value.expected("two columns");
                }
                bounds(id, null, new Measured(Figure.CORRELATION, columns, 0), rule, rule);
            }
            default -> throw new IllegalStateException(kinds.getFirst());
        }
    }

    /**
     * Adds a check.
     *
     * @param node the check itself; its own tolerance goes before
     * @param owner the column, rule or table with what qualifies its checks
     */
    private void add(
            String id, @Nullable String column, Check check, ConfigNode node, ConfigNode owner) {
        if (!ids.add(id)) {
            throw node.problem("expectations.id", "rule " + id + " (expected: an id of its own)")
                    .exception();
        }
        // a tolerance of a column is meant for its values; missing ones have their own
        boolean tolerant = check instanceof Expectation.RowCheck && !(check instanceof NotNull);
        ConfigNode tolerance = tolerant ? owner : node;
        double maxFraction = tolerance.at("max_fraction").map(ConfigNode::number).orElse(-1.0);
        Long maxCount = whole(tolerance, "max_count");
        if (maxFraction < 0) {
            maxFraction = maxCount == null ? 0 : 1;
        }
        Severity severity =
                owner.at("severity").map(s -> Severity.of(s.text())).orElse(Severity.ERROR);
        expectations.add(
                new Expectation(
                        id,
                        column,
                        check,
                        severity,
                        maxFraction,
                        maxCount,
                        text(owner, "where"),
                        node.place()));
    }

    private static void refuseCrossed(ConfigNode node, String low, String high) {
        ConfigNode min = node.at(low).orElse(null);
        ConfigNode max = node.at(high).orElse(null);
        if (min != null
                && max != null
                && min.json().isNumber()
                && max.json().isNumber()
                && min.number() > max.number()) {
            throw Problem.input(
                            "expectations.bounds",
                            max.path()
                                    + ": "
                                    + max.text()
                                    + " (expected: at least "
                                    + min.text()
                                    + ")")
                    .at(max.place())
                    .exception();
        }
    }

    private static @Nullable String text(ConfigNode node, String key) {
        return node.at(key).map(ConfigNode::text).orElse(null);
    }

    private static @Nullable Long whole(ConfigNode node, String key) {
        return node.at(key).map(ConfigNode::whole).orElse(null);
    }
}

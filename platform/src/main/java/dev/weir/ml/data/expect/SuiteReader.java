package dev.weir.ml.data.expect;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.expect.Expectation.Bound;
import dev.weir.ml.data.expect.Expectation.Check;
import dev.weir.ml.data.expect.Expectation.Expr;
import dev.weir.ml.data.expect.Expectation.Finite;
import dev.weir.ml.data.expect.Expectation.Length;
import dev.weir.ml.data.expect.Expectation.Membership;
import dev.weir.ml.data.expect.Expectation.NoExtraColumns;
import dev.weir.ml.data.expect.Expectation.NotNull;
import dev.weir.ml.data.expect.Expectation.Regex;
import dev.weir.ml.data.expect.Expectation.RowCount;
import dev.weir.ml.data.expect.Expectation.Side;
import dev.weir.ml.data.expect.Expectation.Type;
import dev.weir.ml.data.expect.Expectation.Unique;
import dev.weir.ml.gate.Severity;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns the YAML of a suite into its checks. */
final class SuiteReader {
    private final ConfigNode yaml;
    private final List<Expectation> expectations = new ArrayList<>();
    private final Map<String, Column> types = new LinkedHashMap<>();
    private final Set<String> ids = new HashSet<>();

    SuiteReader(ConfigNode yaml) {
        this.yaml = yaml;
    }

    ExpectationSuite suite() {
        List<String> columns = new ArrayList<>();
        yaml.at("columns")
                .ifPresent(
                        all ->
                                all.json()
                                        .propertyNames()
                                        .forEach(
                                                name -> {
                                                    columns.add(name);
                                                    all.at(name).ifPresent(c -> column(name, c));
                                                }));
        yaml.at("rules").ifPresent(rules -> rules.items().forEach(this::rule));
        boolean extra = true;
        ConfigNode table = yaml.at("table").orElse(null);
        if (table != null) {
            table.at("row_count")
                    .ifPresent(
                            count ->
                                    add(
                                            "table.row_count",
                                            null,
                                            new RowCount(whole(count, "min"), whole(count, "max")),
                                            count,
                                            table));
            ConfigNode extras = table.at("extra_columns").orElse(null);
            if (extras != null && extras.text().equals("forbid")) {
                extra = false;
                add("table.extra_columns", null, new NoExtraColumns(columns), extras, table);
            }
        }
        return new ExpectationSuite(
                yaml.at("key").map(ConfigNode::texts).orElse(List.of()),
                text(yaml, "where"),
                types,
                columns,
                extra,
                expectations);
    }

    private void column(String name, ConfigNode column) {
        for (Map.Entry<String, ConfigNode> entry : column.entries().entrySet()) {
            ConfigNode value = entry.getValue();
            Check check = check(name, entry.getKey(), value);
            if (check != null) {
                add(name + "." + entry.getKey(), name, check, value, column);
            }
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
            case "regex" -> new Regex(value.text());
            case "length" -> new Length(whole(value, "min"), whole(value, "max"));
            default -> null;
        };
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
        ConfigNode expr = rule.at("expr").orElse(null);
        ConfigNode unique = rule.at("unique").orElse(null);
        if ((expr == null) == (unique == null)) {
            throw rule.problem(
                            "expectations.rule", "rule " + id + " (expected: one of expr, unique)")
                    .exception();
        }
        if (expr != null) {
            add(id, null, new Expr(expr.text()), rule, rule);
        } else if (unique != null) {
            add(id, null, new Unique(unique.texts()), rule, rule);
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

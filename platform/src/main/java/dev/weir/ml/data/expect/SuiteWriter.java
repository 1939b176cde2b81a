package dev.weir.ml.data.expect;

import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.profile.Profile;
import dev.weir.ml.data.profile.Profile.ColumnProfile;
import dev.weir.ml.data.profile.Profile.Count;

import tools.jackson.databind.node.JsonNodeFactory;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes the YAML of a suite from a profile: a start that the table itself passes and a spoiled
 * copy does not, for people to read and tighten.
 *
 * <ul>
 *   <li>{@code type} for every column; {@code not_null} where nothing is missing, else twice the
 *       share that is
 *   <li>{@code unique} for columns of whole numbers or short texts in which every row differs
 *   <li>{@code min}, {@code max} as seen for whole numbers of at most 50 values (months, codes) and
 *       for shares of 0 to 1; for other numbers a tenth of the range wider, rounded outward, but
 *       never past zero; none for keys and constants
 *   <li>{@code in} for texts of at most 50 values, none of them prose; where some value is rare
 *       (under 5 rows), a hundredth of the rows may have another
 *   <li>{@code finite} for floating-point numbers; {@code row_count} of at least half
 * </ul>
 */
public final class SuiteWriter {
    private static final int FEW = 50;
    private static final int RARE_ROWS = 5;
    private static final int LINE = 100;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
    private static final Set<String> NOT_TEXT =
            Set.of("true", "false", "null", "y", "n", "yes", "no", "on", "off");

    /** The text of the suite of one table; equal profiles give equal texts. */
    public String yaml(Profile profile) {
        return yaml(profile, profile.rows());
    }

    /**
     * The text of a suite for several tables.
     *
     * @param profile of all their rows
     * @param fewest the rows of the smallest of them
     */
    public String yaml(Profile profile, long fewest) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("# What the table must be like. Written from a profile of ")
                .append(String.format(Locale.ROOT, "%,d", profile.rows()))
                .append(" rows: read it, and tighten what you know better.\n")
                .append("# Bounds are a tenth of the range wider than what was seen, where the")
                .append(" values do not bound themselves.\n")
                .append("columns:\n");
        for (ColumnProfile column : profile.columns()) {
            write(yaml, scalar(column.name()), entries(column, profile.rows()));
        }
        yaml.append("table:\n");
        yaml.append("  row_count: {min: ")
                .append(Math.max(Math.min(1, fewest), fewest / 2))
                .append("}  # half of what was seen\n");
        yaml.append("  extra_columns: forbid\n");
        return yaml.toString();
    }

    /** A key of YAML with its value: a scalar, or a list of them. */
    private record Entry(String key, List<String> values, boolean list) {
        static Entry of(String key, String value) {
            return new Entry(key, List.of(value), false);
        }

        String flow() {
            return key + ": " + (list ? "[" + String.join(", ", values) + "]" : values.getFirst());
        }
    }

    private static List<Entry> entries(ColumnProfile column, long rows) {
        List<Entry> entries = new ArrayList<>();
        String type = column.column().storedAs().toLowerCase(Locale.ROOT);
        entries.add(Entry.of("type", type.contains("(") ? '"' + type + '"' : type));
        long values = rows - column.nulls();
        if (column.nulls() == 0) {
            entries.add(Entry.of("not_null", "true"));
        } else if (values > 0) {
            entries.add(
                    Entry.of("not_null", "{max_fraction: " + twice(column.nulls(), rows) + "}"));
        }
        boolean key = column.namesRows(rows);
        if (key) {
            entries.add(Entry.of("unique", "true"));
        }
        if (column.column().type().numeric() && !key && column.distinct() > 1) {
            bounds(column, entries);
        }
        Profile.Numbers numbers = column.numbers();
        if (column.column().type() == ColumnType.DOUBLE
                && numbers != null
                && numbers.nan() + numbers.infinite() == 0) {
            entries.add(Entry.of("finite", "true"));
        }
        if (column.column().type() == ColumnType.VARCHAR) {
            membership(column, values, entries);
        }
        return entries;
    }

    /** Twice the share that is missing, rounded up to two digits. */
    private static String twice(long nulls, long rows) {
        BigDecimal share =
                BigDecimal.valueOf(2.0 * nulls / rows).round(new MathContext(2, RoundingMode.UP));
        return share.min(BigDecimal.ONE).stripTrailingZeros().toPlainString();
    }

    private static void bounds(ColumnProfile column, List<Entry> entries) {
        String low = column.min();
        String high = column.max();
        Profile.Numbers numbers = column.numbers();
        boolean infinite = numbers != null && numbers.infinite() > 0;
        if (low == null || high == null || infinite) {
            return;
        }
        BigDecimal min = new BigDecimal(low);
        BigDecimal max = new BigDecimal(high);
        boolean whole = column.column().type() == ColumnType.BIGINT;
        boolean share =
                !whole
                        && min.signum() >= 0
                        && max.compareTo(BigDecimal.ONE) <= 0
                        && max.compareTo(BigDecimal.valueOf(0.5)) > 0;
        if (share) {
            min = BigDecimal.ZERO;
            max = BigDecimal.ONE;
        } else if (!whole || column.distinct() > FEW) {
            BigDecimal slack = max.subtract(min).multiply(BigDecimal.valueOf(0.1));
            min = wider(min, slack.negate(), whole, RoundingMode.FLOOR);
            max = wider(max, slack, whole, RoundingMode.CEILING);
        }
        entries.add(Entry.of("min", plain(min)));
        entries.add(Entry.of("max", plain(max)));
    }

    /** A bound moved outward by some slack, rounded outward, and not past zero. */
    private static BigDecimal wider(
            BigDecimal bound, BigDecimal slack, boolean whole, RoundingMode outward) {
        BigDecimal moved = bound.add(slack);
        BigDecimal rounded =
                whole ? moved.setScale(0, outward) : moved.round(new MathContext(3, outward));
        boolean crossed = rounded.signum() * bound.signum() < 0 || bound.signum() == 0;
        return crossed ? BigDecimal.ZERO : rounded;
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static void membership(ColumnProfile column, long values, List<Entry> entries) {
        boolean few = column.topIsAll() && column.distinct() <= FEW && column.distinct() > 0;
        if (!few || values < 2 * column.distinct()) {
            return;
        }
        List<String> texts = column.top().stream().map(Count::value).sorted().toList();
        if (texts.stream().anyMatch(text -> text.length() > LINE)) {
            return;
        }
        entries.add(new Entry("in", texts.stream().map(SuiteWriter::scalar).toList(), true));
        Optional<Count> rarest = Optional.of(column.top().getLast());
        if (rarest.filter(c -> c.rows() < RARE_ROWS).isPresent()) {
            entries.add(Entry.of("max_fraction", "0.01"));
        }
    }

    private static void write(StringBuilder yaml, String name, List<Entry> entries) {
        String flow =
                "  "
                        + name
                        + ": {"
                        + String.join(", ", entries.stream().map(Entry::flow).toList())
                        + "}";
        if (flow.length() <= LINE) {
            yaml.append(flow).append('\n');
            return;
        }
        yaml.append("  ").append(name).append(":\n");
        for (Entry entry : entries) {
            String line = "    " + entry.flow();
            if (line.length() <= LINE) {
                yaml.append(line).append('\n');
            } else {
                yaml.append("    ").append(entry.key()).append(":\n");
                entry.values().forEach(v -> yaml.append("      - ").append(v).append('\n'));
            }
        }
    }

    /** A text as YAML writes it; JSON's quotes are YAML's too. */
    private static String scalar(String text) {
        boolean plain =
                PLAIN.matcher(text).matches() && !NOT_TEXT.contains(text.toLowerCase(Locale.ROOT));
        return plain ? text : JsonNodeFactory.instance.stringNode(text).toString();
    }
}

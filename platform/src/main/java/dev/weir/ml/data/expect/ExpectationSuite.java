package dev.weir.ml.data.expect;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.Schema;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The checks of a dataset, as a YAML file has them: columns first, and under each its checks as
 * flat keys.
 *
 * <pre>{@code
 * key: [order_id]
 * columns:
 *   order_id: {type: bigint, not_null: true, unique: true}
 *   amount:   {type: "decimal(12,2)", min: 0, max: 10000, max_fraction: 0.001, severity: warn}
 *   email:    {regex: '^[^@\s]+@[^@\s]+$', length: {max: 254}}
 * rules:
 *   - {id: gross-ge-net, expr: "gross >= amount"}
 * table: {row_count: {min: 1000}, extra_columns: forbid}
 * }</pre>
 *
 * @param key the columns that name a row in reports; empty: the row's number does
 * @param where the rows that the suite is about, as SQL; null: all
 * @param types the declared type of each column that has one, in the order of the file
 * @param columns the columns that the suite knows, in the order of the file
 * @param extraColumns whether the table may have others
 * @param personal columns tagged {@code pii: true}; their values are never shown
 * @param drift what the drift of columns is judged by
 * @param expectations in the order of the file
 */
public record ExpectationSuite(
        List<String> key,
        @Nullable String where,
        Map<String, Column> types,
        List<String> columns,
        boolean extraColumns,
        Set<String> personal,
        DriftTerms drift,
        List<Expectation> expectations) {
    public ExpectationSuite {
        key = List.copyOf(key);
        types = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(types));
        columns = List.copyOf(columns);
        personal = Set.copyOf(personal);
        expectations = List.copyOf(expectations);
    }

    /** A suite that expects nothing. */
    public static ExpectationSuite none() {
        return new ExpectationSuite(
                List.of(),
                null,
                Map.of(),
                List.of(),
                true,
                Set.of(),
                DriftTerms.STANDARD,
                List.of());
    }

    /**
     * Reads a suite.
     *
     * @param yaml a file that fits {@link dev.weir.base.config.ConfigSchema#EXPECTATIONS}
     * @throws dev.weir.base.problem.ProblemException for what the schema cannot say: an unknown
     *     type, a maximum below its minimum, two rules of one id
     */
    public static ExpectationSuite of(ConfigNode yaml) {
        return new SuiteReader(yaml).suite();
    }

    /** The expectations whose answer depends on more than the table, see there. */
    public ExpectationSuite momentary() {
        return only(Expectation::momentary);
    }

    /** The other expectations: their answer is the table's for good. */
    public ExpectationSuite lasting() {
        return only(e -> !e.momentary());
    }

    private ExpectationSuite only(Predicate<Expectation> kind) {
        return new ExpectationSuite(
                key,
                where,
                types,
                columns,
                extraColumns,
                personal,
                drift,
                expectations.stream().filter(kind).toList());
    }

    /** Whether some rule compares columns with a baseline. */
    public boolean comparesDrift() {
        return expectations.stream()
                .anyMatch(
                        e ->
                                e.check() instanceof Expectation.Drifted
                                        || e.check() instanceof Expectation.TableDrifted);
    }

    /**
     * The whole schema, where the suite names every column that the table may have, and a type for
     * each: then nothing needs to be looked up in the table.
     */
    public Optional<Schema> schema() {
        boolean whole = !extraColumns && !columns.isEmpty() && types.keySet().containsAll(columns);
        return whole ? Optional.of(new Schema(List.copyOf(types.values()))) : Optional.empty();
    }

    /**
     * The schema to read a table by: declared types are fixed, and so is which columns there are;
     * what the suite leaves open is as found.
     *
     * @param found the columns of the table
     */
    public Schema fix(Schema found) {
        List<Column> fixed = new ArrayList<>();
        for (Column column : found.columns()) {
            if (extraColumns || columns.contains(column.name())) {
                fixed.add(types.getOrDefault(column.name(), column));
            }
        }
        for (Column column : types.values()) {
            if (found.column(column.name()).isEmpty()) {
                fixed.add(column);
            }
        }
        return new Schema(fixed);
    }
}

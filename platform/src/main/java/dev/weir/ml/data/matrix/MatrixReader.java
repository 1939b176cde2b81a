package dev.weir.ml.data.matrix;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;

import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads a Parquet file as the matrix that a trainer wants, in one pass: features, target and a hash
 * of each row by which to split.
 *
 * <p>The hash is of the key columns, or of all columns of the table where there is no key. It
 * depends on names and values only: not on which columns are features, not on DuckDB's version, not
 * on threads.
 */
public final class MatrixReader {
    private static final int FEW_TEXTS = 256;

    private final DuckDb duckDb;

    public MatrixReader(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /**
     * The matrix of a file.
     *
     * @param features in the order of the matrix's columns
     * @param target null: none
     * @param key the columns whose values name a row; empty: all columns
     * @throws dev.weir.base.problem.ProblemException where a column is not there, or the matrix has
     *     more than 2^31 values
     */
    public Matrix read(
            Path parquet,
            List<FeatureColumn> features,
            @Nullable FeatureColumn target,
            List<String> key) {
        ParquetFiles files = new ParquetFiles(duckDb);
        Schema schema = files.schema(parquet);
        Plan plan = new Plan(schema, key, textHashes(parquet, hashedTexts(schema, key)));
        List<Taken> taken = features.stream().map(plan::feature).toList();
        Taken wanted = target == null ? null : plan.feature(target);
        long rows = files.rows(parquet);
        if (rows * Math.max(features.size(), 1) > Integer.MAX_VALUE - 8) {
            throw Problem.step(
                            "table.too-large",
                            rows
                                    + " rows of "
                                    + features.size()
                                    + " features (expected: at most 2^31 values)")
                    .hint("Train on a sample of the rows.")
                    .exception();
        }
        int count = (int) rows;
        int columns = features.size();
        float[] values = new float[count * columns];
        double[] targets = new double[wanted == null ? 0 : count];
        long[] hashes = new long[count];
        for (int c = 0; c < columns; c++) {
            int column = c;
            taken.get(c)
                    .uses
                    .add((chunk, base) -> chunk.floats(values, base * columns + column, columns));
        }
        if (wanted != null) {
            wanted.uses.add((chunk, base) -> chunk.doubles(targets, base));
        }
        plan.hashed.forEach(h -> h.taken.uses.add((chunk, base) -> h.add(chunk, hashes, base)));
        scan(parquet, plan);
        for (int row = 0; row < count; row++) {
            hashes[row] = RowHash.row(hashes[row]);
        }
        return new Matrix(count, columns, values, targets, hashes);
    }

    /** The hashes alone; shape [rows]. */
    public long[] hashes(Path parquet, List<String> key) {
        return read(parquet, List.of(), null, key).hashes();
    }

    private static List<Column> hashedTexts(Schema schema, List<String> key) {
        return schema.columns().stream()
                .filter(c -> c.type() == ColumnType.VARCHAR)
                .filter(c -> key.isEmpty() || key.contains(c.name()))
                .toList();
    }

    /**
     * The texts of columns that have few, with their hashes: finding a text's place in a short list
     * costs a tenth of its MD5.
     */
    private Map<String, Map<String, Long>> textHashes(Path parquet, List<Column> columns) {
        Map<String, Map<String, Long>> all = new HashMap<>();
        if (columns.isEmpty()) {
            return all;
        }
        try (DuckDb.Session session = duckDb.open()) {
            for (Column column : columns) {
                Map<String, Long> hashes = new LinkedHashMap<>();
                session.each(
                        "select t, "
                                + hash("t")
                                + " from (select distinct cast("
                                + DuckDb.name(column.name())
                                + " as varchar) as t from "
                                + DuckDb.parquet(parquet, false)
                                + " limit "
                                + (FEW_TEXTS + 2)
                                + ") where t is not null order by t",
                        row -> hashes.put(row.getString(1), row.getLong(2)));
                if (hashes.size() <= FEW_TEXTS) {
                    all.put(column.name(), hashes);
                }
            }
            return all;
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    private static String hash(String text) {
        return "cast(md5_number_lower(" + text + ") >> 1 as bigint)";
    }

    private void scan(Path parquet, Plan plan) {
        List<Taken> all = List.copyOf(plan.taken.values());
        String sql =
                "select "
                        + all.stream().map(t -> t.expression).collect(Collectors.joining(", "))
                        + " from "
                        + DuckDb.parquet(parquet, false);
        try (DuckDb.Session session = duckDb.open();
                var statement = session.connection().prepare(sql);
                var result = statement.query()) {
            Values values = new Values();
            int base = 0;
            while (result.nextChunk()) {
                DuckDBDataChunkReader chunk = result.chunk();
                int size = (int) chunk.rowCount();
                for (int place = 0; place < all.size(); place++) {
                    Taken taken = all.get(place);
                    values.fill(chunk.vector(place), size, taken.form, taken.unit);
                    for (Use use : taken.uses) {
                        use.take(values, base);
                    }
                }
                base += size;
            }
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    /** What becomes of the values of a column, whose first row has this number. */
    private interface Use {
        void take(Values values, int base);
    }

    /** How the values of one result column come out of DuckDB. */
    private enum Form {
        WHOLE,
        REAL
    }

    /** A result column, what its values are divided by, and what becomes of them. */
    private record Taken(String expression, Form form, double unit, List<Use> uses) {}

    /** The values of one column in one chunk, each asked for once. */
    private static final class Values {
        private int size;
        private Form form = Form.REAL;
        private double unit;
        private double[] reals = {};
        private long[] wholes = {};
        private boolean[] missing = {};

        void fill(DuckDBReadableVector vector, int count, Form as, double dividedBy) {
            if (missing.length < count) {
                reals = new double[count];
                wholes = new long[count];
                missing = new boolean[count];
            }
            size = count;
            form = as;
            unit = dividedBy;
            if (form == Form.REAL) {
                for (int i = 0; i < size; i++) {
                    double value = vector.getDouble(i, Double.NaN);
                    reals[i] = value;
                    missing[i] = Double.isNaN(value) && vector.isNull(i);
                }
            } else {
                for (int i = 0; i < size; i++) {
                    missing[i] = vector.isNull(i);
                    wholes[i] = missing[i] ? 0 : vector.getLong(i);
                }
            }
        }

        void floats(float[] into, int first, int step) {
            for (int i = 0, o = first; i < size; i++, o += step) {
                into[o] = (float) number(i);
            }
        }

        void doubles(double[] into, int first) {
            for (int i = 0; i < size; i++) {
                into[first + i] = number(i);
            }
        }

        private double number(int i) {
            return form == Form.REAL ? reals[i] : missing[i] ? Double.NaN : wholes[i] / unit;
        }
    }

    /** A column that enters the hash; with a dictionary its values are places in that. */
    private record Hashed(Taken taken, long seed, long @Nullable [] dictionary) {
        void add(Values values, long[] sums, int base) {
            long none = RowHash.missing(seed);
            for (int i = 0; i < values.size; i++) {
                long hash;
                if (values.missing[i]) {
                    hash = none;
                } else if (values.form == Form.REAL) {
                    hash = RowHash.value(seed, values.reals[i]);
                } else {
                    long value = values.wholes[i];
                    hash =
                            RowHash.value(
                                    seed, dictionary == null ? value : dictionary[(int) value]);
                }
                sums[base + i] += hash;
            }
        }
    }

    /** Which expressions the one query has, each once. */
    private static final class Plan {
        private final Schema schema;
        private final Map<String, Taken> taken = new LinkedHashMap<>();
        private final List<Hashed> hashed = new ArrayList<>();

        Plan(Schema schema, List<String> key, Map<String, Map<String, Long>> textHashes) {
            this.schema = schema;
            Set<String> chosen = new HashSet<>(key.isEmpty() ? schema.names() : key);
            key.forEach(name -> schema.required(name));
            for (Column column : schema.columns()) {
                if (chosen.contains(column.name())) {
                    hashed.add(hashed(column, textHashes.get(column.name())));
                }
            }
        }

        private Hashed hashed(Column column, @Nullable Map<String, Long> texts) {
            long seed = RowHash.column(column.name());
            if (column.type() != ColumnType.VARCHAR) {
                return new Hashed(number(column), seed, null);
            }
            if (texts == null) {
                String text = "cast(" + DuckDb.name(column.name()) + " as varchar)";
                return new Hashed(take(MatrixReader.hash(text), Form.WHOLE, 1), seed, null);
            }
            return new Hashed(
                    code(column.name(), List.copyOf(texts.keySet())),
                    seed,
                    texts.values().stream().mapToLong(Long::longValue).toArray());
        }

        Taken feature(FeatureColumn feature) {
            Column column = schema.required(feature.name());
            return switch (feature) {
                case FeatureColumn.Numeric ignored -> number(column);
                case FeatureColumn.Categorical categorical when categorical.other() ->
                        codeOrOther(categorical.name(), categorical.categories());
                case FeatureColumn.Categorical categorical ->
                        code(categorical.name(), categorical.categories());
                case FeatureColumn.Part(String name, DatePart part) ->
                        take(
                                "cast("
                                        + part.sql()
                                        + "(cast("
                                        + DuckDb.name(name)
                                        + " as timestamp)) as bigint)",
                                Form.WHOLE,
                                1);
            };
        }

        private Taken number(Column column) {
            return switch (column.type()) {
                case BIGINT, BOOLEAN, DATE -> take(SqlNumbers.asWhole(column), Form.WHOLE, 1);
                case TIMESTAMP -> take(SqlNumbers.asWhole(column), Form.WHOLE, 1e6);
                case DOUBLE, DECIMAL, VARCHAR -> take(SqlNumbers.asDouble(column), Form.REAL, 1);
            };
        }

        private Taken code(String name, List<String> texts) {
            return take("cast(" + place(name, texts) + " - 1 as bigint)", Form.WHOLE, 1);
        }

        private Taken codeOrOther(String name, List<String> texts) {
            String text = "cast(" + DuckDb.name(name) + " as varchar)";
            return take(
                    "cast(case when "
                            + text
                            + " <> '' then coalesce("
                            + place(name, texts)
                            + " - 1, "
                            + texts.size()
                            + ") end as bigint)",
                    Form.WHOLE,
                    1);
        }

        private static String place(String name, List<String> texts) {
            String list =
                    texts.stream().map(DuckDb::text).collect(Collectors.joining(", ", "[", "]"));
            return "list_position(cast("
                    + list
                    + " as varchar[]), cast("
                    + DuckDb.name(name)
                    + " as varchar))";
        }

        private Taken take(String expression, Form form, double unit) {
            return taken.computeIfAbsent(
                    expression, e -> new Taken(e, form, unit, new ArrayList<>()));
        }
    }
}

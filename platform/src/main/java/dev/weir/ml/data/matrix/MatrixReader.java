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
        scan(
                parquet,
                plan,
                (chunk, base) -> {
                    int size = (int) chunk.rowCount();
                    for (int c = 0; c < columns; c++) {
                        taken.get(c).floats(chunk, size, values, base * columns + c, columns);
                    }
                    if (wanted != null) {
                        wanted.doubles(chunk, size, targets, base);
                    }
                    plan.hash(chunk, size, hashes, base);
                });
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

    private interface ChunkTaker {
        void take(DuckDBDataChunkReader chunk, int base);
    }

    private void scan(Path parquet, Plan plan, ChunkTaker taker) {
        String sql =
                "select "
                        + String.join(", ", plan.expressions)
                        + " from "
                        + DuckDb.parquet(parquet, false);
        try (DuckDb.Session session = duckDb.open();
                var statement = session.connection().prepare(sql);
                var result = statement.query()) {
            int base = 0;
            while (result.nextChunk()) {
                DuckDBDataChunkReader chunk = result.chunk();
                taker.take(chunk, base);
                base += (int) chunk.rowCount();
            }
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    /** How the values of one result column come out of DuckDB. */
    private enum Form {
        WHOLE,
        REAL
    }

    /** A result column, and what its values are divided by. */
    private record Taken(int place, Form form, double unit) {
        void floats(DuckDBDataChunkReader chunk, int size, float[] into, int first, int step) {
            DuckDBReadableVector vector = chunk.vector(place);
            if (form == Form.REAL) {
                for (int i = 0, o = first; i < size; i++, o += step) {
                    into[o] = (float) vector.getDouble(i, Double.NaN);
                }
            } else {
                for (int i = 0, o = first; i < size; i++, o += step) {
                    into[o] = vector.isNull(i) ? Float.NaN : (float) (vector.getLong(i) / unit);
                }
            }
        }

        void doubles(DuckDBDataChunkReader chunk, int size, double[] into, int first) {
            DuckDBReadableVector vector = chunk.vector(place);
            for (int i = 0; i < size; i++) {
                into[first + i] =
                        vector.isNull(i)
                                ? Double.NaN
                                : form == Form.REAL
                                        ? vector.getDouble(i)
                                        : vector.getLong(i) / unit;
            }
        }
    }

    /** A column that enters the hash; with a dictionary its values are places in that. */
    private record Hashed(Taken taken, long seed, long @Nullable [] dictionary) {}

    /** Which expressions the one query has, each once. */
    private static final class Plan {
        private final Schema schema;
        private final Map<String, Taken> taken = new LinkedHashMap<>();
        private final List<String> expressions = new ArrayList<>();
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
                case FeatureColumn.Categorical categorical ->
                        code(categorical.name(), categorical.categories());
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
            String list =
                    texts.stream().map(DuckDb::text).collect(Collectors.joining(", ", "[", "]"));
            return take(
                    "cast(list_position(cast("
                            + list
                            + " as varchar[]), cast("
                            + DuckDb.name(name)
                            + " as varchar)) - 1 as bigint)",
                    Form.WHOLE,
                    1);
        }

        private Taken take(String expression, Form form, double unit) {
            return taken.computeIfAbsent(
                    expression,
                    e -> {
                        expressions.add(e);
                        return new Taken(expressions.size() - 1, form, unit);
                    });
        }

        void hash(DuckDBDataChunkReader chunk, int size, long[] sums, int base) {
            for (Hashed column : hashed) {
                DuckDBReadableVector vector = chunk.vector(column.taken.place);
                long seed = column.seed;
                long missing = RowHash.missing(seed);
                boolean whole = column.taken.form == Form.WHOLE;
                long[] dictionary = column.dictionary;
                for (int i = 0; i < size; i++) {
                    if (vector.isNull(i)) {
                        sums[base + i] += missing;
                    } else if (whole) {
                        long value = vector.getLong(i);
                        sums[base + i] +=
                                RowHash.value(
                                        seed, dictionary == null ? value : dictionary[(int) value]);
                    } else {
                        sums[base + i] += RowHash.value(seed, vector.getDouble(i));
                    }
                }
            }
            for (int i = base; i < base + size; i++) {
                sums[i] = RowHash.row(sums[i]);
            }
        }
    }
}

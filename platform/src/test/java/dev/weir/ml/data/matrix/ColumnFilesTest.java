package dev.weir.ml.data.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

class ColumnFilesTest {
    @TempDir Path folder;
    private DuckDb duckDb;

    @BeforeEach
    void engine() {
        duckDb = new DuckDb(folder.resolve("scratch"), 2);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Path out = folder.resolve("predictions.parquet");
        new ColumnFiles(duckDb)
                .write(
                        out,
                        List.of(
                                new ColumnData.Doubles("p", new double[] {0.1, Double.NaN}),
                                new ColumnData.Floats("f", new float[] {0.1f, -0f}),
                                new ColumnData.Longs("row", new long[] {0, Long.MAX_VALUE}),
                                new ColumnData.Texts("label", new String[] {"é\"'", null})));
        assertThat(new ParquetFiles(duckDb).schema(out).columns())
                .extracting(Column::declared)
                .containsExactly("DOUBLE", "FLOAT", "BIGINT", "VARCHAR");
        List<ColumnData.Doubles> numbers = new ColumnFiles(duckDb).doubles(out, List.of("f", "p"));
        assertThat(numbers.get(0).values()).containsExactly(0.1f, -0.0);
        assertThat(numbers.get(1).values()).containsExactly(0.1, Double.NaN);
        List<ColumnData.Texts> texts = new ColumnFiles(duckDb).texts(out, List.of("label", "row"));
        assertThat(texts.get(0).values()).containsExactly("é\"'", null);
        assertThat(texts.get(1).values()).containsExactly("0", "9223372036854775807");
    }

    @Test
    void copiesChosenRowsInTheirOrder() throws SQLException {
        Path from = folder.resolve("from.parquet");
        Path to = folder.resolve("to.parquet");
        try (DuckDb.Session session = duckDb.open()) {
            session.run(
                    "copy (select i::double as i, 'r' || i as name from range(400000) t(i)) to "
                            + DuckDb.text(from.toString()));
        }
        SplittableRandom random = new SplittableRandom(7);
        BitSet chosen = new BitSet();
        for (int row = 0; row < 400_000; row++) {
            chosen.set(row, random.nextInt(5) == 0);
        }
        new ParquetFiles(duckDb).copyRows(from, chosen, to);
        double[] copied = new ColumnFiles(duckDb).doubles(to, List.of("i")).getFirst().values();
        assertThat(copied).isEqualTo(chosen.stream().asDoubleStream().toArray());
        assertThat(new ParquetFiles(duckDb).schema(to).names()).containsExactly("i", "name");
    }

    @Test
    void findsRowsByTime() throws SQLException {
        Path file = folder.resolve("times.parquet");
        try (DuckDb.Session session = duckDb.open()) {
            session.run(
                    "copy (select timestamp '2011-12-30' + to_days(i::integer) as ts, i from"
                            + " range(5) t(i)) to "
                            + DuckDb.text(file.toString()));
        }
        ParquetFiles files = new ParquetFiles(duckDb);
        assertThat(files.rowsFrom(file, "ts", "2012-01-01").stream().toArray())
                .containsExactly(2, 3, 4);
        assertThatThrownBy(() -> files.rowsFrom(file, "ts", "soon"))
                .isInstanceOf(ProblemException.class)
                .hasMessage("soon (expected: a day or moment such as 2012-01-01)");
        assertThatThrownBy(() -> files.rowsFrom(file, "i", "2012-01-01"))
                .hasMessage("i: BIGINT (expected: a date or timestamp)");
    }

    @Test
    void categoriesAreSortedByTheirBytes() {
        Path out = folder.resolve("texts.parquet");
        new ColumnFiles(duckDb)
                .write(
                        out,
                        List.of(
                                new ColumnData.Texts(
                                        "c", new String[] {"b", "é", null, "B", "b", "", "z"})));
        assertThat(new ParquetFiles(duckDb).categories(out, "c"))
                .containsExactly("", "B", "b", "z", "é");
        assertThat(
                        Arrays.asList(
                                new ColumnFiles(duckDb)
                                        .texts(out, List.of("c"))
                                        .getFirst()
                                        .values()))
                .containsExactly("b", "é", null, "B", "b", "", "z");
    }
}

package dev.weir.ml.data.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DuckDb;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

class MatrixReaderTest {
    @TempDir Path folder;
    private DuckDb duckDb;
    private Path table;

    @BeforeEach
    void table() throws SQLException {
        duckDb = new DuckDb(folder.resolve("scratch"), 2);
        table = folder.resolve("table.parquet");
        write(
                table,
                "select * from (values"
                        + " (1::bigint, 0.5::double, 'b', true, date '1970-01-03', 'x'),"
                        + " (2, null, 'a', false, null, 'y'),"
                        + " (null, -1.25, 'z', null, date '1969-12-31', null)"
                        + ") t(n, d, s, flag, day, y)");
    }

    private void write(Path file, String sql) throws SQLException {
        try (DuckDb.Session session = duckDb.open()) {
            session.run("copy (" + sql + ") to " + DuckDb.text(file.toString()));
        }
    }

    @Test
    void givesNumbersCodesAndNaNForWhatIsMissing() {
        Matrix matrix =
                new MatrixReader(duckDb)
                        .read(
                                table,
                                List.of(
                                        new FeatureColumn.Numeric("d"),
                                        new FeatureColumn.Categorical("s", List.of("a", "b")),
                                        new FeatureColumn.Numeric("n"),
                                        new FeatureColumn.Numeric("flag"),
                                        new FeatureColumn.Numeric("day")),
                                new FeatureColumn.Categorical("y", List.of("x", "y")),
                                List.of());
        float nan = Float.NaN;
        assertThat(matrix.values())
                .containsExactly(0.5f, 1, 1, 1, 2, nan, 0, 2, 0, nan, -1.25f, nan, nan, nan, -1);
        assertThat(matrix.target()).containsExactly(0, 1, Double.NaN);
        assertThat(Arrays.stream(matrix.hashes()).distinct().count()).isEqualTo(3);
    }

    @Test
    void hashesDoNotDependOnFeaturesThreadsColumnOrderOrWidthOfNumbers() throws SQLException {
        Path big = folder.resolve("big.parquet");
        Path other = folder.resolve("other.parquet");
        String rows =
                " from (select i::bigint as a, (i % 7)::bigint as b, 's' || (i % 1000) as c, case"
                        + " when i % 3 = 0 then null else i / 8.0::double end as d from"
                        + " range(300000) t(i))";
        write(big, "select a, b, c, d" + rows);
        write(other, "select d, a::integer as a, c, b::double as b" + rows);
        long[] hashes = new MatrixReader(duckDb).hashes(big, List.of());
        assertThat(new MatrixReader(duckDb.single()).hashes(other, List.of())).isEqualTo(hashes);
        assertThat(
                        new MatrixReader(duckDb)
                                .read(
                                        other,
                                        List.of(new FeatureColumn.Numeric("b")),
                                        null,
                                        List.of())
                                .hashes())
                .isEqualTo(hashes);
        assertThat(Arrays.stream(hashes).distinct().count()).isEqualTo(300_000);
        long fifth = Arrays.stream(hashes).filter(h -> Long.remainderUnsigned(h, 5) == 0).count();
        assertThat(fifth).isBetween(59_000L, 61_000L);
    }

    @Test
    void hashOfAKnownRowNeverChanges() throws SQLException {
        Path one = folder.resolve("one.parquet");
        write(one, "select 7::bigint as n, 0.5::double as d, 'é' as s, null::bigint as m");
        assertThat(new MatrixReader(duckDb).hashes(one, List.of()))
                .containsExactly(608373876897717136L);
    }

    @Test
    void aTextHasOneHashWhetherItsColumnHasFewTextsOrMany() throws SQLException {
        Path few = folder.resolve("few.parquet");
        Path many = folder.resolve("many.parquet");
        String rows = "select case when i = 7 then null else 'tëxt ' || (i % 200) end as s";
        write(few, rows + " from range(200) t(i)");
        write(
                many,
                "select s from (select 0 as part, s, row_number() over () as n from ("
                        + rows
                        + " from range(200) t(i)) union all select 1, 'x' || i, i from range(1000)"
                        + " t(i)) order by part, n");
        MatrixReader reader = new MatrixReader(duckDb);
        assertThat(Arrays.copyOf(reader.hashes(many, List.of()), 200))
                .isEqualTo(reader.hashes(few, List.of()));
    }

    @Test
    void hashesByKeyAlone() {
        MatrixReader reader = new MatrixReader(duckDb);
        assertThat(reader.hashes(table, List.of("n")))
                .isNotEqualTo(reader.hashes(table, List.of()));
        assertThatThrownBy(() -> reader.hashes(table, List.of("nope")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("nope: no such column (found: n, d, s, flag, day, y)");
    }
}

package dev.weir.ml.data.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.data.source.TableFile;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.stats.drift.Baseline;
import dev.weir.ml.stats.drift.Binning;
import dev.weir.ml.stats.drift.ColumnBaseline;
import dev.weir.ml.stats.drift.ColumnDrift;
import dev.weir.ml.stats.drift.DistanceScale;
import dev.weir.ml.stats.drift.Drift;
import dev.weir.ml.stats.drift.DriftRule;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Of a table of more rows than are looked at one by one. */
class BaselinesTest {
    private static final int ROWS = 300_000;

    @TempDir static Path folder;
    private static DuckDb duckDb = new DuckDb(Path.of(""), 2);
    private static Path then = Path.of("");
    private static Path now = Path.of("");

    @BeforeAll
    static void tables() throws SQLException {
        duckDb = new DuckDb(folder.resolve("scratch"), 2);
        then = folder.resolve("then.parquet");
        now = folder.resolve("now.parquet");
        table(then, 0, 0);
        table(now, 1, 1);
    }

    private static void table(Path out, int salt, double shift) throws SQLException {
        String uniform = "(hash(i * 10 + %d) %% 1000003 + 1) / 1000004.0";
        try (DuckDb.Session session = duckDb.single().open()) {
            session.run(
                    ParquetFiles.copy(
                            """
                            select sqrt(-2 * ln(%1$s)) * cos(6.283185307 * %2$s) as same,
                            sqrt(-2 * ln(%3$s)) * cos(6.283185307 * %4$s) + %5$s as moved,
                            case when i %% 7 = 0 then null when i %% 1001 = 0 then 'nan'::double
                                when i %% 1003 = 0 then 'infinity'::double
                                when i %% 1009 = 0 then '-infinity'::double
                                else %1$s end as odd,
                            (hash(i + 77 * %6$d) %% 6)::bigint as few,
                            case when i = 5 or %6$d = 1 and i %% 3 = 0 then 7 else 0 end as rare,
                            date '2024-01-01' + (hash(i + %6$d) %% 500)::integer as day,
                            ((hash(i + %6$d) %% 20000) / 100.0)::decimal(9,2) as price,
                            'c' || (hash(i + %6$d) %% 40)::varchar as city,
                            hash(i + %6$d)::varchar as ref,
                            i %% 3 = 0 as flag
                            from range(%7$d) t(i)\
                            """
                                    .formatted(
                                            uniform.formatted(1 + 100 * salt),
                                            uniform.formatted(2 + 100 * salt),
                                            uniform.formatted(3 + 100 * salt),
                                            uniform.formatted(4 + 100 * salt),
                                            shift,
                                            salt,
                                            ROWS),
                            out));
        }
    }

    /** Bins are chosen by a sample; what lies in them is counted of all rows. */
    @Test
    void everyRowIsCounted() {
        Baseline baseline = new Baselines(duckDb).take(then);
        assertThat(baseline.rows()).isEqualTo(ROWS);
        List<String> numbers = List.of("same", "moved", "odd", "few", "rare", "day", "price");
        var columns = new ColumnFiles(duckDb).doubles(then, numbers);
        for (int c = 0; c < numbers.size(); c++) {
            ColumnBaseline found = baseline.required(numbers.get(c));
            ColumnBaseline exact =
                    ColumnBaseline.ofNumbers(numbers.get(c), columns.get(c).values(), found.bins());
            assertThat(found.counts()).as(numbers.get(c)).isEqualTo(exact.counts());
            assertThat(found.missing()).as(numbers.get(c)).isEqualTo(exact.missing());
            assertThat(found.infinite()).as(numbers.get(c)).isEqualTo(exact.infinite());
            ColumnBaseline.Numbers sketched = Objects.requireNonNull(found.numbers());
            assertThat(sketched.seen()).isBetween(25_000L, 50_000L);
            assertThat((double) sketched.sketch().count()).isCloseTo(found.present(), within(2e4));
            if (found.bins() instanceof Binning.Edges) {
                // deciles of a sample: each bin near a tenth
                assertThat(Arrays.stream(found.counts()).max().orElse(0))
                        .isLessThan(found.present() * 13 / 100);
            }
        }
        assertThat(baseline.required("few").bins()).isInstanceOf(Binning.Values.class);
        assertThat(baseline.required("city").bins().labels()).hasSize(41);
        assertThat(baseline.required("ref").bins()).isInstanceOf(Binning.None.class);
        assertThat(baseline.required("flag").counts()).containsExactly(200_000, 100_000, 0);
    }

    @Test
    void equalTablesGiveEqualBytesOnAnyNumberOfThreads() {
        assertThat(CanonicalJson.bytes(new Baselines(duckDb.single()).take(then).json()))
                .isEqualTo(CanonicalJson.bytes(new Baselines(duckDb).take(then).json()));
    }

    @Test
    void aTableIsComparedWithWhatWasKeptAsWithTheTableItself() throws IOException {
        Path kept = folder.resolve("then.baseline.json");
        Files.write(kept, CanonicalJson.bytes(new Baselines(duckDb).take(then).json()));
        TableFile reference = table("then");
        TableFile current = table("now");
        TableDrift drift = new TableDrift(duckDb, DriftRule.STANDARD);
        DriftReport tables = drift.compare(reference, current, List.of());
        DriftReport against = drift.compare(Baselines.read(kept), "kept", current, List.of());
        for (DriftReport report : List.of(tables, against)) {
            assertThat(report.exact()).isFalse();
            assertThat(report.json().path("distances").stringValue()).isEqualTo("sketches");
            assertThat(verdict(report, "same")).isEqualTo(Verdict.PASS);
            assertThat(verdict(report, "moved")).isEqualTo(Verdict.FAIL);
            assertThat(verdict(report, "odd")).isEqualTo(Verdict.PASS);
            assertThat(verdict(report, "few")).isEqualTo(Verdict.PASS);
            assertThat(verdict(report, "rare")).isEqualTo(Verdict.FAIL);
            assertThat(verdict(report, "city")).isEqualTo(Verdict.PASS);
            assertThat(verdict(report, "ref")).isEqualTo(Verdict.SKIPPED);
        }
        var columns = new ColumnFiles(duckDb).doubles(then, List.of("moved"));
        var others = new ColumnFiles(duckDb).doubles(now, List.of("moved"));
        ColumnDrift exact =
                Drift.numbers("moved", columns.getFirst().values(), others.getFirst().values());
        ColumnDrift.Distances expected = Objects.requireNonNull(exact.scores().distances());
        ColumnDrift told = Objects.requireNonNull(line(against, "moved").drift());
        ColumnDrift.Distances found = Objects.requireNonNull(told.scores().distances());
        assertThat(found.error()).isBetween(0.005, 0.05);
        assertThat(found.kolmogorovSmirnov().statistic())
                .isCloseTo(expected.kolmogorovSmirnov().statistic(), within(found.error()));
        assertThat(found.normalised()).isCloseTo(expected.normalised(), within(0.03));
        assertThat(told.scores().bins().psi()).isCloseTo(exact.scores().bins().psi(), within(0.02));
        ColumnDrift again = Objects.requireNonNull(line(tables, "moved").drift());
        assertThat(again.scores().bins()).isEqualTo(told.scores().bins());
    }

    private static TableFile table(String name) {
        Path file = name.equals("then") ? then : now;
        return new TableFile(name, file, new ParquetFiles(duckDb).schema(file), ROWS, List.of());
    }

    private static DriftReport.Line line(DriftReport report, String column) {
        return report.columns().stream()
                .filter(line -> line.column().equals(column))
                .findFirst()
                .orElseThrow();
    }

    private static Verdict verdict(DriftReport report, String column) {
        return line(report, column).verdict();
    }

    @Test
    void valuesThatTheSampleMissedAreNotUnseen() {
        Baseline baseline = new Baselines(duckDb).take(then);
        ColumnBaseline rare = baseline.required("rare");
        ColumnDrift same = Drift.between(rare, rare, DistanceScale.STANDARD);
        assertThat(same.scores().unseenFraction()).isZero();
        assertThat(DriftRule.STANDARD.judge(List.of(same)).getFirst().verdict())
                .isEqualTo(Verdict.PASS);
    }

    @Test
    void whatIsNoBaselineIsToldInWords() throws IOException {
        Path broken = folder.resolve("broken.baseline.json");
        Files.writeString(broken, "{\"format\":");
        assertThatThrownBy(() -> Baselines.read(broken))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("broken.baseline.json (expected: a baseline, as JSON)");
        assertThatThrownBy(() -> Baselines.read(folder.resolve("none.baseline.json")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("none.baseline.json");
    }
}

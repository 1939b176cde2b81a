package dev.weir.ml.data.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.RealTables;
import dev.weir.ml.data.profile.Profile.ColumnProfile;
import dev.weir.ml.data.profile.Profile.Count;
import dev.weir.ml.data.source.Sniffer;
import dev.weir.ml.data.source.Tables;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

class ProfilerTest {
    @TempDir Path folder;
    private DuckDb duckDb;

    @BeforeEach
    void engine() {
        duckDb = new DuckDb(folder.resolve("scratch"), 2);
    }

    private Path table(String sql) throws SQLException {
        Path file = folder.resolve("table.parquet");
        try (DuckDb.Session session = duckDb.open()) {
            session.run("copy (" + sql + ") to " + DuckDb.text(file.toString()));
        }
        return file;
    }

    private static ColumnProfile column(Profile profile, String name) {
        return profile.column(name).orElseThrow();
    }

    private static Profile.Numbers numbers(Profile profile, String name) {
        return Optional.ofNullable(column(profile, name).numbers()).orElseThrow();
    }

    @Test
    void countsMeasuresAndNamesWhatIsFrequent() throws SQLException {
        Path file =
                table(
                        "select * from (values (1::bigint, 'a', true, date '2020-02-29',"
                            + " 1.5::double, null::bigint), (2, 'b', false, null, 'nan'::double,"
                            + " null), (4, 'a', true, date '2019-01-01', 'inf'::double, null), (5,"
                            + " null, null, null, -1.5, null)) t(n, s, flag, day, d, nothing)");
        Profile profile = new Profiler(duckDb).profile(file);
        assertThat(profile.rows()).isEqualTo(4);
        ColumnProfile n = column(profile, "n");
        assertThat(n.min()).isEqualTo("1");
        assertThat(n.max()).isEqualTo("5");
        assertThat(numbers(profile, "n").mean()).isEqualTo(3);
        assertThat(numbers(profile, "n").deviation()).isCloseTo(Math.sqrt(10 / 3.0), within(1e-15));
        assertThat(numbers(profile, "n").quantiles())
                .containsExactly(1.0, 1.0, 1.0, 2.0, 4.0, 5.0, 5.0);
        ColumnProfile s = column(profile, "s");
        assertThat(s.nulls()).isEqualTo(1);
        assertThat(s.top()).containsExactly(new Count("a", 2), new Count("b", 1));
        assertThat(s.topIsAll()).isTrue();
        assertThat(column(profile, "flag").distinct()).isEqualTo(2);
        assertThat(column(profile, "day").min()).isEqualTo("2019-01-01");
        ColumnProfile d = column(profile, "d");
        assertThat(numbers(profile, "d").nan()).isEqualTo(1);
        assertThat(numbers(profile, "d").infinite()).isEqualTo(1);
        assertThat(numbers(profile, "d").mean()).isZero();
        assertThat(d.max()).isEqualTo("1.5");
        ColumnProfile nothing = column(profile, "nothing");
        assertThat(nothing.nulls()).isEqualTo(4);
        assertThat(nothing.numbers()).isNull();
        assertThat(nothing.min()).isNull();
    }

    @Test
    void isTheSameOnAnyNumberOfThreadsAndSurvivesJson() throws SQLException {
        Path file =
                table(
                        "select i as id, sin(i)::double as wave, (i % 24)::integer as hour, 'c' ||"
                            + " (i % 7) as c, case when i % 1000 = 0 then 'nan'::double else i /"
                            + " 3.0::double end as third from range(900000) t(i)");
        Profile two = new Profiler(duckDb).profile(file);
        Profile one = new Profiler(new DuckDb(folder.resolve("scratch"), 1)).profile(file);
        String json = CanonicalJson.text(two.json());
        assertThat(CanonicalJson.text(one.json())).isEqualTo(json);
        assertThat(CanonicalJson.text(Profile.of(new JsonMapper().readTree(json)).json()))
                .isEqualTo(json);
        assertThat(Profile.of(two.json())).isEqualTo(two);
        assertThat(column(two, "id").distinct()).isEqualTo(900_000);
        assertThat(column(two, "id").distinctExact()).isTrue();
        assertThat(numbers(two, "id").quantilesExact()).isFalse();
        assertThat(numbers(two, "id").quantiles().get(3)).isCloseTo(450_000, within(5_000.0));
        assertThat(numbers(two, "hour").quantiles().get(3)).isBetween(11.0, 12.0);
        assertThat(numbers(two, "third").nan()).isEqualTo(900);
    }

    @Test
    void leavesNoFileOpen() throws Exception {
        Path file = table("select i from range(10) t(i)");
        for (int round = 0; round < 3; round++) {
            new Profiler(duckDb).profile(file);
        }
        Path handles = Path.of("/proc/self/fd");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isDirectory(handles));
        Set<String> open = new HashSet<>();
        try (Stream<Path> fds = Files.list(handles)) {
            for (Path fd : (Iterable<Path>) fds::iterator) {
                if (Files.isSymbolicLink(fd)) {
                    open.add(Files.readSymbolicLink(fd).toString());
                }
            }
        }
        assertThat(open).noneMatch(p -> p.startsWith(folder.toString()));
    }

    @Test
    void profilesAdult() {
        Path adult = RealTables.file("adult/adult.csv");
        var source = new JsonMapper().readTree("{\"file\":\"adult.csv\"}");
        Sniffer.Sniffed sniffed = new Sniffer(duckDb).sniff(List.of(adult), source);
        Path out = folder.resolve("adult.parquet");
        new Tables(duckDb).ingest(List.of(adult), sniffed.format(), sniffed.schema(), out);
        Profile profile = new Profiler(duckDb).profile(out);
        assertThat(column(profile, "income").top())
                .containsExactly(new Count("<=50K", 24_720), new Count(">50K", 7_841));
        assertThat(column(profile, "workclass").nulls()).isEqualTo(1_836);
        assertThat(column(profile, "age").min()).isEqualTo("17");
        assertThat(numbers(profile, "age").mean()).isCloseTo(38.5816, within(1e-4));
    }
}

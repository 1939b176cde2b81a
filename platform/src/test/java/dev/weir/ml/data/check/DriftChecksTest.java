package dev.weir.ml.data.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.config.ConfigSchema;
import dev.weir.base.config.YamlReader;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.check.Comparison.Against;
import dev.weir.ml.data.drift.Baselines;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.stats.drift.Baseline;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

class DriftChecksTest {
    @TempDir Path folder;
    private DuckDb duckDb = new DuckDb(Path.of(""), 2);
    private Path then = Path.of("");
    private Path now = Path.of("");

    /**
     * Of now, age is a deviation older, a third of the cities are new, and of note more is gone.
     */
    @BeforeEach
    void tables() throws SQLException {
        duckDb = new DuckDb(folder.resolve("scratch"), 2);
        then = table("then", 0, "0", "'c' || h % 3", "note");
        now = table("now", 1, "30", "case when h % 3 = 0 then 'new' else 'c' || h % 3 end", "null");
    }

    private Path table(String name, int salt, String shift, String city, String note)
            throws SQLException {
        Path file = folder.resolve(name + ".parquet");
        try (DuckDb.Session session = duckDb.single().open()) {
            session.run(
                    ParquetFiles.copy(
                            "select (hash(h) %% 100 + %s)::double as age, %s as city,"
                                            .formatted(shift, city)
                                    + " (hash(h // 7) % 50)::bigint as visits, case when h % 2 = 0"
                                    + " then "
                                    + note
                                    + " else 'x' end as note from (select hash(i * 2 + "
                                    + salt
                                    + ") as h, 'y' as note from range(2000) t(i))",
                            file));
        }
        return file;
    }

    private ExpectationSuite suite(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("suite.yaml"), yaml + "\n");
        return ExpectationSuite.of(new YamlReader().read(file, ConfigSchema.EXPECTATIONS));
    }

    private ExpectationReport check(String yaml, Against against) throws IOException {
        return new ExpectationChecker(duckDb)
                .check(now, suite(yaml), new Comparison(null, null, Map.of(), against), null);
    }

    private ExpectationReport check(String yaml) throws IOException {
        return check(yaml, Against.of(new Baselines(duckDb).take(then), null, "orders:3"));
    }

    private static Result of(ExpectationReport report, String id) {
        return report.results().stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "age: {drift: {}}|fail|psi at most 0.2",
                "age: {drift: {method: psi, warn: 0.1}}|warn|psi at most 0.1",
                "age: {drift: {method: kl, fail: 0.2}}|fail|kl at most 0.2",
                "age: {drift: {method: js, fail: 0.02}}|fail|js at most 0.02",
                "age: {drift: {method: ks, warn: 0.1, fail: 0.2}}|fail|ks at most 0.2",
                "age: {drift: {method: wasserstein, fail: 0.5}}|fail|wasserstein at most 0.5",
                "age: {drift: {method: wasserstein, fail: 0.8, normalise: iqr}}|pass|wasserstein at"
                        + " most 0.8",
                "age: {drift: {method: chi2, warn: 0.1, fail: 0.2}, severity: warn}|warn|chi2 at"
                        + " most 0.2",
                "visits: {drift: {}}|pass|psi at most 0.2",
                "visits: {drift: {method: psi, fail: 0.000001}}|pass|psi at most 0.000001",
                "city: {drift: {unseen_fraction: 0.0}}|fail|psi at most 0.2, unseen at most 0",
                "city: {drift: {method: psi, fail: 99, unseen_fraction: 0.5}}|pass|psi at most 99,"
                        + " unseen at most 0.5",
                "city: {drift: {method: ks}}|error|ks at most 0.2",
                "note: {drift: {method: psi, fail: 99}}|fail|psi at most 99",
                "nowhere: {drift: {}}|error|0",
            })
    void aColumnIsHeldAgainstItsBaseline(String yaml, String verdict, String allowed)
            throws IOException {
        Result result = check("columns: {" + yaml + "}").results().getFirst();
        assertThat(result.verdict().word()).as(result.message()).isEqualTo(verdict);
        assertThat(result.allowed()).isEqualTo(allowed);
        assertThat(result.kind()).isEqualTo("drift");
    }

    @Test
    void aMessageSaysWhatMovedHowFarAndFromWhat() throws IOException {
        Result age = check("columns: {age: {drift: {fail: 0.2}}}").results().getFirst();
        assertThat(age.message())
                .startsWith("age: psi is ")
                .endsWith("(expected: at most 0.200), against orders:3");
        assertThat(age.measured()).isGreaterThan(0.2);
        assertThat(age.evaluated()).isEqualTo(2_000);
        assertThat(age.query()).isNull();
        Result note = check("columns: {note: {drift: {}}}").results().getFirst();
        assertThat(note.message()).startsWith("note: psi is ");
        ExpectationReport.Bins bins = Objects.requireNonNull(age.bins());
        assertThat(bins.labels()).hasSize(10);
        assertThat(bins.baseline().stream().mapToLong(Long::longValue).sum()).isEqualTo(2_000);
    }

    @Test
    void theDefaultHoldsForEveryColumnOfTheBaseline() throws IOException {
        ExpectationReport report =
                check("columns: {visits: {drift: {fail: 0.3}}}\ndrift: {default: {}}");
        assertThat(report.results())
                .extracting(Result::id)
                .containsExactly("visits.drift", "drift", "age.drift", "city.drift", "note.drift");
        assertThat(of(report, "age.drift").verdict()).isEqualTo(Verdict.FAIL);
        assertThat(of(report, "visits.drift").verdict()).isEqualTo(Verdict.PASS);
        assertThat(of(report, "drift").verdict()).isEqualTo(Verdict.PASS);
        assertThat(of(report, "drift").message())
                .isEqualTo(
                        "drift: 3 of 4 columns have moved from orders:3: age, city, note (expected:"
                                + " each by its own limits)");
        assertThat(ExpectationReport.of(JsonMapper.shared().readTree(report.json().toString())))
                .isEqualTo(report);
    }

    @Test
    void aShareOfColumnsMayMove() throws IOException {
        String yaml = "drift: {default: {warn: 0.1, fail: 0.2}, max_drifted_fraction: %s}";
        ExpectationReport most = check(yaml.formatted("0.8"));
        assertThat(most.verdict()).isEqualTo(Verdict.WARN);
        assertThat(of(most, "age.drift").verdict()).isEqualTo(Verdict.WARN);
        ExpectationReport few = check(yaml.formatted("0.5"));
        assertThat(few.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(of(few, "drift").message())
                .contains("3 of 4 columns have moved")
                .endsWith("(expected: at most 50% of them)");
        assertThat(of(few, "drift").measured()).isEqualTo(0.75);
    }

    @Test
    void thePageDrawsWhatIsAndWhatWas() throws IOException {
        String page = CheckPage.of(check("drift: {default: {}}"), "orders", Instant.EPOCH).html();
        assertThat(page).contains("grey is the baseline", "psi at most 0.2");
        assertThat(page.split("<svg", -1)).hasSize(5);
        assertThat(page.length()).isLessThan(30_000);
        assertThat(CheckPage.of(check("columns: {}"), "orders", Instant.EPOCH).html())
                .doesNotContain("grey is the baseline");
    }

    @Test
    void withoutABaselineRulesAreSkippedAndOneThatShouldBeThereIsAnError() throws IOException {
        String yaml = "columns: {age: {drift: {}}}\ndrift: {default: {}}";
        ExpectationReport first =
                check(yaml, Against.nothing("there is no accepted version to compare with"));
        assertThat(first.results()).hasSize(2).allMatch(r -> r.verdict() == Verdict.SKIPPED);
        assertThat(first.results().getFirst().message())
                .isEqualTo("age: skipped: there is no accepted version to compare with");
        ExpectationReport gone = check(yaml, Against.missing("no dataset orders (found: none)"));
        assertThat(gone.results()).allMatch(r -> r.verdict() == Verdict.ERROR);
    }

    @Test
    void theTableThatIsItsOwnBaselineHasNotMoved() throws IOException {
        Baseline own = new Baselines(duckDb).take(now);
        ExpectationReport report = check("drift: {default: {}}", Against.of(own, own, "orders:3"));
        assertThat(report.verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void personalValuesAreNotInTheBins() throws IOException {
        Result city = check("columns: {city: {pii: true, drift: {}}}").results().getFirst();
        assertThat(Objects.requireNonNull(city.bins()).labels()).containsOnly("***");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "columns: {age: {drift: {metod: psi}}}|suite.yaml:1:|method",
                "columns: {age: {drift: {method: psy}}}|suite.yaml:1:|psi",
                "columns: {age: {drift: {warn: 0.3, fail: 0.2}}}|suite.yaml:1:|"
                        + "columns.age.drift.warn: 0.3 (expected: at most 0.2, as fail)",
                "drift: {baselin: accepted}|suite.yaml:1:|baseline",
                "drift: {baseline: orders}|suite.yaml:1:|"
                        + "(expected: accepted, dataset:NAME or dataset:NAME@v12)",
                "drift: {default: {}, alpha: 0}|suite.yaml:1:|alpha",
                "drift: {default: {}, correction: benjamini}|suite.yaml:1:|bh",
                "drift: {max_drifted_fraction: 2}|suite.yaml:1:|max_drifted_fraction",
            })
    void whatIsWrongIsToldWithItsPlace(String yaml, String place, String words) {
        assertThatThrownBy(() -> suite(yaml))
                .isInstanceOf(ProblemException.class)
                .satisfies(
                        e ->
                                assertThat(((ProblemException) e).problems().getFirst())
                                        .satisfies(
                                                p -> {
                                                    assertThat(p.line()).contains(place);
                                                    assertThat(p.line() + " " + p.hint())
                                                            .contains(words);
                                                }));
    }

    @Test
    void aBaselineCanBeNamed() throws IOException {
        assertThat(suite("drift: {baseline: 'dataset:orders@v12', correction: none}").drift())
                .satisfies(
                        terms -> {
                            assertThat(terms.dataset()).isEqualTo("orders");
                            assertThat(terms.version()).isEqualTo(12);
                        });
        assertThat(suite("drift: {baseline: 'dataset:orders'}").drift().version()).isNull();
        assertThat(suite("columns: {}").drift().dataset()).isNull();
    }
}

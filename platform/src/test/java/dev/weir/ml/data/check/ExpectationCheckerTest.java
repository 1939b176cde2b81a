package dev.weir.ml.data.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.config.ConfigSchema;
import dev.weir.base.config.YamlReader;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.data.profile.Profile;
import dev.weir.ml.data.profile.Profile.Count;
import dev.weir.ml.data.profile.Profiler;
import dev.weir.ml.gate.Verdict;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

class ExpectationCheckerTest {
    @TempDir Path folder;
    private DuckDb duckDb;
    private Path orders;

    @BeforeEach
    void orders() throws SQLException {
        duckDb = new DuckDb(folder.resolve("scratch"), 2);
        orders = folder.resolve("orders.parquet");
        try (DuckDb.Session session = duckDb.open()) {
            session.run(
                    "copy (select * from (values"
                            + " (1::bigint, 10.5::double, 'DE', 'a@b.c', 20::integer, date"
                            + " '2024-01-01', true),"
                            + " (2, -1, 'FR', 'bad', 30, date '2024-01-02', false),"
                            + " (2, 'nan'::double, 'XX', null, 17, date '2023-12-31', true),"
                            + " (4, null, null, 'bad', null, null, null)) t(id, amount, country,"
                            + " email, age, day, paid)) to "
                            + DuckDb.text(orders.toString()));
        }
    }

    private ExpectationSuite suite(String yaml) throws IOException {
        Path file = folder.resolve("orders.yaml");
        Files.writeString(file, yaml);
        return ExpectationSuite.of(new YamlReader().read(file, ConfigSchema.EXPECTATIONS));
    }

    private ExpectationReport check(String yaml) throws IOException {
        return new ExpectationChecker(duckDb).check(orders, suite(yaml));
    }

    private Result only(String yaml) throws IOException {
        ExpectationReport report = check(yaml);
        assertThat(report.results()).hasSize(1);
        return report.results().getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id: {type: bigint}|pass|0",
                "age: {type: int}|pass|0",
                "id: {type: varchar}|fail|1",
                "amount: {not_null: true}|fail|1",
                "amount: {not_null: {max_fraction: 0.25}}|pass|1",
                "amount: {not_null: {max_count: 1}}|pass|1",
                "amount: {not_null: false}|none|0",
                "id: {unique: true}|fail|1",
                "country: {unique: true}|pass|0",
                "amount: {min: 0}|fail|1",
                "age: {min: 17}|pass|0",
                "age: {exclusive_min: 17}|fail|1",
                "age: {max: 29.5}|fail|1",
                "age: {exclusive_max: 31}|pass|0",
                "day: {min: 2024-01-01}|fail|1",
                "day: {max: 2024-01-02}|pass|0",
                "country: {in: [DE, FR]}|fail|1",
                "country: {not_in: [XX]}|fail|1",
                "age: {in: [17, 20, 30]}|pass|0",
                "paid: {in: [true]}|fail|1",
                "email: {regex: '^[^@]+@[^@]+$'}|fail|2",
                "email: {length: {min: 4}}|fail|2",
                "email: {length: {max: 5}}|pass|0",
                "amount: {finite: true}|fail|1",
                "amount: {max: 11}|pass|0",
                "amount: {max: 10}|fail|1",
                "amount: {min: 0, severity: warn}|warn|1",
                "amount: {min: 0, max_fraction: 0.34}|pass|1",
                "amount: {min: 0, where: \"country = 'DE'\"}|pass|0",
                "amount: {min: 0, where: \"country = 'nowhere'\"}|skipped|0",
                "nothing: {min: 0}|error|0",
                "email: {regex: '['}|error|0",
                "age: {in: [a]}|error|0",
                "email: {finite: true}|error|0"
            })
    void everyCheckOfAColumnHasItsVerdict(String column, String verdict, long violations)
            throws IOException {
        ExpectationReport report = check("columns:\n  " + column + "\n");
        if (verdict.equals("none")) {
            assertThat(report.results()).isEmpty();
            return;
        }
        Result result = report.results().getFirst();
        assertThat(result.verdict().word()).as(result.message()).isEqualTo(verdict);
        assertThat(result.violations()).isEqualTo(violations);
        Profile profile = new Profiler(duckDb).profile(orders);
        assertThat(
                        new ExpectationChecker(duckDb)
                                .check(orders, suite("columns:\n  " + column + "\n"), profile))
                .as("by the profile")
                .isEqualTo(report);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "expr: \"age >= 18\"|fail|1",
                "expr: \"amount < 100 or age > 1\"|pass|0",
                "unique: [id, country]|pass|0",
                "unique: [id]|fail|1",
                "unique: [id, paid], where: \"paid\"|pass|0",
                "expr: \"age >\"|error|0",
                "expr: \"nope > 1\"|error|0",
                "expr: \"1 = 1); drop table x; select (1\"|error|0",
                "expr: \"1 = 1) from range(3) where (true\"|error|0",
                "expr: \"1, 2\"|error|0",
                "expr: \"age in (select 17)\"|error|0",
                "expr: \"exists(select * from read_text('/etc/passwd'))\"|error|0",
                "expr: \"day < current_date\"|error|0",
                "expr: \"random() < 2\"|error|0",
                "expr: \"sum(age) > 1\"|error|0",
                "expr: \"row_number() over () > 0\"|error|0",
                "expr: \"email::integer > 0\"|error|0",
                "expr: \"age >= 17 -- adults and nearly so\"|pass|0"
            })
    void everyRuleHasItsVerdict(String rule, String verdict, long violations) throws IOException {
        Result result = only("rules:\n  - {id: r, " + rule + "}\n");
        assertThat(result.verdict().word()).as(result.message()).isEqualTo(verdict);
        assertThat(result.violations()).isEqualTo(violations);
    }

    @Test
    void tableRulesSeeRowsAndColumns() throws IOException {
        assertThat(only("table: {row_count: {min: 5}}").message())
                .isEqualTo("4 rows (expected: at least 5)");
        assertThat(only("table: {row_count: {min: 4, max: 4}}").verdict()).isEqualTo(Verdict.PASS);
        ExpectationReport report =
                check("columns: {id: , amount: {}}\ntable: {extra_columns: forbid}\n");
        assertThat(report.results()).hasSize(1);
        assertThat(report.results().getFirst().message())
                .isEqualTo("extra columns country, email, age, day, paid (expected: none)");
    }

    @Test
    void oneRuleThatCannotBeEvaluatedDoesNotHideTheOthers() throws IOException {
        ExpectationReport report =
                check(
                        "columns:\n  email: {regex: '['}\n  age: {min: 18}\n  amount: {max: 11}\n"
                                + "rules:\n  - {id: broken, expr: \"email::integer > 0\"}\n");
        assertThat(report.results())
                .extracting(Result::verdict)
                .containsExactly(Verdict.ERROR, Verdict.FAIL, Verdict.PASS, Verdict.ERROR);
        assertThat(report.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(report.results().getFirst().message())
                .startsWith("email: could not be evaluated: ");
    }

    @Test
    void aBrokenRuleShowsWhatBreaksItAndWhere() throws IOException {
        Result byRow = only("columns: {email: {regex: '@'}}");
        assertThat(byRow.message())
                .isEqualTo(
                        "email: 2 of 3 rows (66.667%) break regex @, allowed 0; e.g. row 2"
                                + " \"bad\"");
        assertThat(byRow.top()).containsExactly(new Count("bad", 2));
        assertThat(byRow.samples())
                .extracting(ExpectationReport.Sample::row)
                .containsExactly(2L, 4L);
        assertThat(byRow.query())
                .isEqualTo(
                        "select * from dataset where not regexp_matches(cast(\"email\" as varchar),"
                                + " '@')");
        Result byKey = only("key: [id]\ncolumns: {age: {min: 18, max_count: 0}}");
        assertThat(byKey.message())
                .isEqualTo("age: 1 of 3 rows (33.333%) are not >= 18, allowed 0; e.g. id=2 \"17\"");
        Result unique = only("columns: {id: {unique: true}}");
        assertThat(unique.message())
                .isEqualTo("id: 1 of 4 rows (25%) are there before, allowed 0; e.g. row 2 \"2\"");
    }

    @Test
    void aReportSurvivesJson() throws IOException {
        ExpectationReport report =
                check(
                        "key: [id]\n"
                                + "columns:\n"
                                + "  email: {regex: '@', not_null: true}\n"
                                + "  age: {min: 18}\n");
        assertThat(ExpectationReport.of(report.json())).isEqualTo(report);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "columns: {a: {mni: 3}}|orders.yaml:1:15: columns.a.mni: unknown key",
                "columns: {a: {min: 3, max: 1}}|orders.yaml:1:28: columns.a.max: 1 (expected: at"
                        + " least 3)",
                "columns: {a: {type: blob}}|orders.yaml:1:21: columns.a.type: blob (expected:"
                        + " bigint, double",
                "rules: [{id: r}]|orders.yaml:1:9: rule r (expected: one of expr, unique,"
                        + " references, sql, correlation)",
                "rules: [{id: r, expr: a}, {id: r, expr: b}]|rule r (expected: an id of its own)"
            })
    void aSuiteThatIsWrongSaysWhere(String both) {
        String yaml = both.substring(0, both.indexOf('|'));
        assertThatThrownBy(() -> suite(yaml + "\n"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(both.substring(both.indexOf('|') + 1));
    }

    @Test
    void expressionsCanReadNoOtherFile() throws SQLException {
        try (DuckDb.Session session = duckDb.open()) {
            session.run("set allowed_paths = [" + DuckDb.text(orders.toString()) + "]");
            session.run("set enable_external_access = false");
            assertThat(session.count("select count(*) from " + DuckDb.parquet(orders, true)))
                    .isEqualTo(4);
            assertThatThrownBy(() -> session.count("select count(*) from read_text('/etc/hosts')"))
                    .isInstanceOf(SQLException.class);
        }
    }
}

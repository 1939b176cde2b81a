package dev.weir.ml.data.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.config.ConfigSchema;
import dev.weir.base.config.YamlReader;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.gate.Verdict;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Each kind with a table that keeps it, one that breaks it, missing values and the edges. */
class EveryKindOfCheckTest {
    private static final Instant NOW = Instant.parse("2024-06-01T12:00:00Z");

    @TempDir Path folder;
    private DuckDb duckDb;
    private Path table;
    private Path accepted;
    private Path users;

    @BeforeEach
    void tables() throws SQLException {
        duckDb = new DuckDb(folder.resolve("scratch"), 2);
        table =
                write(
                        "table",
                        "select * from (values (1::bigint, 1.0::double, 'a@b.de', '1.2.3.4',"
                            + " timestamp '2024-06-01 10:00:00', true, 1::bigint,"
                            + " 12345678901234567890.25::decimal(30,2), '', timestamptz '2024-06-01"
                            + " 12:00:00+02', '2024-02-29', '{\"a\": 1}', 'https://weir.dev/x',"
                            + " '123e4567-e89b-12d3-a456-426614174000'), (2, 2.0, 'bad',"
                            + " '1.2.3.256', timestamp '2024-06-01 11:00:00', false, 2, 0, 'x',"
                            + " timestamptz '2024-06-01 09:00:00+00', '2024-02-30', '{', 'weir',"
                            + " 'no'), (3, 'inf', null, null, timestamp '2024-06-01 13:00:00',"
                            + " true, 2, 1, null, null, null, null, null, null), (4, 'nan',"
                            + " 'c@d.de', '10.0.0.1', null, null, null, null, 'x', null, null,"
                            + " null, null, null), (3, 'inf', null, null, timestamp '2024-06-01"
                            + " 13:00:00', true, 2, 1, null, null, null, null, null, null)) t(id,"
                            + " x, email, ip, seen, ok, user_id, big, text, zoned, day, json, url,"
                            + " uid)");
        accepted = write("accepted", "select i::bigint as id, 2.0::double as x from range(4) t(i)");
        users = write("users", "select i::bigint as id, 'n' || i as name from range(1, 2) t(i)");
    }

    private Path write(String name, String query) throws SQLException {
        Path file = folder.resolve(name + ".parquet");
        try (DuckDb.Session session = duckDb.open()) {
            session.run(
                    "copy ("
                            + query
                            + ") to "
                            + DuckDb.text(file.toString())
                            + " (format parquet)");
        }
        return file;
    }

    private ExpectationSuite suite(String yaml) throws IOException {
        Path file = folder.resolve("suite.yaml");
        Files.writeString(file, yaml + "\n");
        return ExpectationSuite.of(new YamlReader().read(file, ConfigSchema.EXPECTATIONS));
    }

    private ExpectationReport check(Path parquet, String yaml) throws IOException {
        Comparison all = new Comparison(NOW, accepted, Map.of("users", users));
        return new ExpectationChecker(duckDb).check(parquet, suite(yaml), all, null);
    }

    private Result only(String yaml) throws IOException {
        return check(table, yaml).results().getLast();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "email: {format: email}|fail|3|2|1",
                "email: {format: email, max_fraction: 0.5}|pass|3|2|1",
                "ip: {format: ipv4}|fail|3|2|1",
                "url: {format: url}|fail|2|3|1",
                "uid: {format: uuid}|fail|2|3|1",
                "json: {format: json}|fail|2|3|1",
                "day: {format: 'date:%Y-%m-%d'}|fail|2|3|1",
                "email: {not_regex: bad}|fail|3|2|1",
                "email: {not_regex: '^$'}|pass|3|2|0",
                "email: {not_regex: '['}|error|0|0|0",
                "text: {not_null: true}|fail|5|0|2",
                "text: {length: {min: 1}}|fail|3|2|1",
                "text: {unique: true}|fail|3|2|1",
                "text: {unique: {max_count: 1}}|pass|3|2|1",
                "id: {increasing: true}|fail|5|0|1",
                "id: {increasing: true, where: 'x < 3'}|pass|2|0|0",
                "user_id: {increasing: true}|pass|4|1|0",
                "user_id: {increasing: strictly}|fail|4|1|2",
                "x: {finite: true}|fail|5|0|3",
                "x: {max: 2}|fail|5|0|2",
                "x: {min: 1}|pass|5|0|0",
                "big: {max: '12345678901234567890.25'}|pass|4|1|0",
                "big: {max: '12345678901234567890.24'}|fail|4|1|1",
                "user_id: {references: users.id}|fail|4|1|3",
                "user_id: {references: users.nope}|error|0|0|0",
                "user_id: {references: nobody.id}|error|0|0|0",
                "seen: {fresh_range: true}|fail|4|1|2",
                "seen: {fresh_range: {max_ahead: 1h}}|pass|4|1|0",
                "seen: {fresh_range: {max_age: 90m, max_ahead: 1h}}|fail|4|1|1",
                "seen: {max: '2024-06-01T15:00:00+02:00'}|pass|4|1|0",
                "seen: {exclusive_max: '2024-06-01T15:00:00+02:00'}|fail|4|1|2",
                "zoned: {max: '2024-06-01 10:00:00'}|pass|2|3|0",
                "zoned: {exclusive_max: '2024-06-01T12:00:00+02:00'}|fail|2|3|1",
                "email: {min: 3}|error|0|0|0",
                "ok: {max: 3}|error|0|0|0",
                "x: {mean: {min: 1.5, max: 1.5}}|pass|2|0|0",
                "x: {mean: {min: 1.6}}|fail|2|0|1",
                "x: {mean: {min: 1.6}, severity: warn}|warn|2|0|1",
                "x: {std: {min: 0.7071, max: 0.7072}}|pass|2|0|0",
                "x: {std: {min: 0}, where: 'id = 1'}|skipped|0|0|0",
                "x: {median: {min: 1.5, max: 1.5}}|pass|2|0|0",
                "x: {quantile: {p: 0.9, min: 1.9, max: 1.9}}|pass|2|0|0",
                "x: {sum: {max: 3}}|pass|2|0|0",
                "big: {sum: {max: 1}}|fail|4|0|1",
                "text: {distinct_count: {min: 2, max: 2}}|pass|3|0|0",
                "text: {unique_fraction: {min: 0.7}}|fail|3|0|1",
                "text: {mean: {min: 0}}|error|0|0|0",
                "ok: {mean: {min: 0.75, max: 0.75}}|pass|4|0|0",
                "x: {mean: {change: {max: 0.25}}}|pass|2|0|0",
                "x: {mean: {change: {max: 0.2}}}|fail|2|0|1",
                "text: {distinct_count: {change: {max: 1}}}|error|0|0|0",
                "nope: {mean: {min: 0}}|error|0|0|0"
            })
    void aColumnIsHeldToIt(
            String column, String verdict, long evaluated, long missing, long violations)
            throws IOException {
        Result result = only("columns:\n  " + column);
        assertThat(result.verdict().word()).as(result.message()).isEqualTo(verdict);
        assertThat(result.evaluated()).as(result.message()).isEqualTo(evaluated);
        assertThat(result.missing()).as("missing").isEqualTo(missing);
        assertThat(result.violations()).as(result.message()).isEqualTo(violations);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sql: 'select * from dataset where id = 3'|fail|2",
                "sql: 'select id from dataset where id > 7;'|pass|0",
                "sql: 'select u.name from users u', max_count: 1|pass|1",
                "sql: 'delete from dataset'|error|0",
                "sql: 'drop view dataset'|error|0",
                "sql: 'copy dataset to ''x.csv'''|error|0",
                "sql: 'select 1; select 2'|error|0",
                "sql: 'select * from nobody'|error|0",
                "sql: 'select * from dataset where seen < now()'|error|0",
                "sql: 'select * from read_text(''/etc/hosts'')'|error|0",
                "sql: 'select count(*) from range(9000000000000) t(i) where hash(i) = 7', timeout:"
                        + " 1s|error|0",
                "column: user_id, references: users.id|fail|3",
                "correlation: [id, big], min: -1, max: 1|pass|0",
                "correlation: [id, x], min: 0.99|pass|0",
                "correlation: [id, x], min: 0.99, where: id = 3|skipped|0",
                "correlation: [user_id, user_id], min: 0, where: user_id = 2|error|0",
                "correlation: [id, email], min: 0|error|0"
            })
    void aRuleIsHeld(String rule, String verdict, long violations) throws IOException {
        Result result = only("key: [id]\nrules:\n  - {id: r, " + rule + "}");
        assertThat(result.verdict().word()).as(result.message()).isEqualTo(verdict);
        assertThat(result.violations()).as(result.message()).isEqualTo(violations);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "row_count: {min: 5, max: 5}|pass",
                "row_count: {max: 4}|fail",
                "row_count: {change: {max: 0.25}}|pass",
                "row_count: {change: {max: 0.2}}|fail",
                "columns: {superset: [id, x]}|pass",
                "columns: {superset: [x, id]}|pass",
                "columns: {superset: [x, id], order: true}|fail",
                "columns: {superset: [id, nope]}|fail",
                "columns: {exact: [id, x]}|fail",
                "duplicate_rows: forbid|fail",
                "duplicate_rows: {max_fraction: 0.2}|pass",
                "freshness: {column: zoned, max_age: 2h}|pass",
                "freshness: {column: zoned, max_age: 119m}|fail",
                "freshness: {column: seen, max_age: 0s}|pass",
                "freshness: {column: x, max_age: 1h}|error",
                "freshness: {column: nope, max_age: 1h}|error"
            })
    void theTableIsHeldToIt(String check, String verdict) throws IOException {
        Result result = only("table:\n  " + check);
        assertThat(result.verdict().word()).as(result.message()).isEqualTo(verdict);
    }

    @Test
    void withoutSomethingToCompareWithAChangeIsSkippedAndSaysSo() throws IOException {
        ExpectationReport report =
                new ExpectationChecker(duckDb)
                        .check(
                                table,
                                suite(
                                        "columns: {seen: {fresh_range: true}}\n"
                                                + "table: {row_count: {change: {max: 1}},"
                                                + " freshness: {column: seen, max_age: 1h}}"));
        assertThat(report.results()).extracting(Result::verdict).containsOnly(Verdict.SKIPPED);
        assertThat(report.verdict()).isEqualTo(Verdict.SKIPPED);
        assertThat(report.results())
                .extracting(Result::message)
                .containsExactly(
                        "seen: skipped: no clock at hand",
                        "table.row_count.change: skipped: there is no accepted version to compare"
                                + " with",
                        "table.freshness: skipped: no clock at hand");
    }

    @Test
    void aMessageHasTheFigureAndWhatWasExpected() throws IOException {
        assertThat(only("columns: {x: {mean: {min: 2, max: 45}}}").message())
                .isEqualTo("x: mean 1.5 (expected: 2 to 45)");
        assertThat(only("table: {freshness: {column: zoned, max_age: 1h}}").message())
                .isEqualTo(
                        "table.freshness: newest zoned is of 2024-06-01 10:00:00 UTC, 2h old"
                                + " (expected: at most 1h)");
        assertThat(only("table: {row_count: {change: {max: 0.1}}}").message())
                .isEqualTo(
                        "table.row_count.change: row_count 5, 4 before (expected: a change of at"
                                + " most 10%)");
        assertThat(only("columns: {big: {sum: {max: 12345678901234567891}}}").message())
                .isEqualTo("big: sum 12345678901234567892.25 (expected: at most 1.23457E+19)");
        assertThat(only("columns: {seen: {median: {min: 2}}}").message())
                .isEqualTo(
                        "seen: could not be evaluated: seen is TIMESTAMP (expected: a column of"
                                + " numbers)");
        assertThat(only("table: {columns: {exact: [id, nope], order: true}}").message())
                .startsWith("missing columns nope; extra columns x, email, ");
    }

    @Test
    void personalDataIsMaskedEverywhere() throws IOException, SQLException {
        Path out = folder.resolve("bad.parquet");
        ExpectationReport report =
                new ExpectationChecker(duckDb)
                        .check(
                                table,
                                suite(
                                        "key: [email]\n"
                                                + "columns:\n"
                                                + "  email: {pii: true, format: email}\n"
                                                + "  ip: {format: ipv4}\n"
                                                + "rules:\n"
                                                + "  - {id: r, expr: \"email::integer > 0\"}\n"
                                                + "  - {id: s, sql: \"select email as e from"
                                                + " dataset\"}"),
                                Comparison.at(NOW),
                                out);
        assertThat(report.json().toString()).doesNotContain("bad").doesNotContain("a@b.de");
        assertThat(report.results().getFirst().message())
                .isEqualTo(
                        "email: 1 of 3 rows (33.333%) are no email, allowed 0; e.g. email=***"
                                + " \"***\"");
        assertThat(texts("select email from " + DuckDb.parquet(out, false))).containsOnly("***");
    }

    @Test
    void quarantineHasEachRowOnceWithItsRules() throws IOException, SQLException {
        Path out = folder.resolve("bad.parquet");
        new ExpectationChecker(duckDb)
                .check(
                        table,
                        suite(
                                "columns:\n"
                                        + "  id: {max: 2, unique: true}\n"
                                        + "  x: {finite: true}\n"
                                        + "  ok: {not_null: true}\n"
                                        + "rules:\n"
                                        + "  - {id: q, sql: select * from dataset where id = 1}"),
                        Comparison.none(),
                        out);
        assertThat(
                        texts(
                                "select id || ' ' || array_to_string(_failed_rules, ' ') from "
                                        + DuckDb.parquet(out, false)))
                .containsExactly(
                        "1 q",
                        "3 id.max id.unique x.finite",
                        "4 id.max x.finite ok.not_null",
                        "3 id.max id.unique x.finite");
    }

    private List<String> texts(String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (DuckDb.Session session = duckDb.open()) {
            session.each(query, row -> texts.add(row.getString(1)));
        }
        return texts;
    }

    @Test
    void strangeTablesGiveVerdictsAndNoPassOfWhatWasNotSeen() throws Exception {
        String yaml =
                "columns:\n"
                    + "  x: {not_null: true, unique: true, min: 0, finite: true, mean: {min: 0},"
                    + " std: {min: 0}}\n"
                    + "  s: {regex: '^a', in: [a], length: {min: 1}, distinct_count: {min: 1}}\n"
                    + "table: {duplicate_rows: forbid, row_count: {min: 1}}";
        String types = "cast(%s as double) as x, cast(%s as varchar) as s from range(%d)";
        Path none = write("none", "select " + types.formatted("1", "'a'", 0));
        assertThat(check(none, yaml).results())
                .extracting(Result::verdict)
                .containsOnly(Verdict.SKIPPED, Verdict.FAIL);
        Path one = write("one", "select " + types.formatted("1", "'a'", 1));
        assertThat(check(one, yaml).notPassed()).isEmpty();
        Path nulls = write("nulls", "select " + types.formatted("null", "null", 3));
        assertThat(check(nulls, yaml).notPassed())
                .extracting(Result::id)
                .containsExactly("x.not_null", "table.duplicate_rows");
        Path infinite = write("infinite", "select " + types.formatted("'inf'", "'a'", 3));
        assertThat(check(infinite, yaml).notPassed())
                .extracting(Result::id)
                .containsExactly("x.unique", "x.finite", "table.duplicate_rows");
        Path many = write("many", "select i::double as x, 'a' || i as s from range(10000) t(i)");
        assertThat(check(many, yaml).notPassed()).extracting(Result::id).containsExactly("s.in");
    }
}

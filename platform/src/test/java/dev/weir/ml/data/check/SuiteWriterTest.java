package dev.weir.ml.data.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.config.ConfigSchema;
import dev.weir.base.config.YamlReader;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.RealTables;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.data.expect.SuiteWriter;
import dev.weir.ml.data.profile.Profiler;
import dev.weir.ml.data.source.Sniffer;
import dev.weir.ml.data.source.Tables;
import dev.weir.ml.gate.Verdict;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

class SuiteWriterTest {
    @TempDir Path folder;
    private DuckDb duckDb;

    @BeforeEach
    void engine() {
        duckDb = new DuckDb(folder.resolve("scratch"), 2);
    }

    private Path ingest(String name) {
        Path file = RealTables.file(name);
        var source = new JsonMapper().createObjectNode().put("file", name);
        Sniffer.Sniffed sniffed = new Sniffer(duckDb).sniff(List.of(file), source);
        Path out = folder.resolve("table.parquet");
        new Tables(duckDb).ingest(List.of(file), sniffed.format(), sniffed.schema(), out);
        return out;
    }

    private String yaml(Path table) {
        return new SuiteWriter().yaml(new Profiler(duckDb).profile(table));
    }

    private ExpectationReport check(Path table, String yaml) throws IOException {
        Path file = folder.resolve("suite.yaml");
        Files.writeString(file, yaml);
        ExpectationSuite suite =
                ExpectationSuite.of(new YamlReader().read(file, ConfigSchema.EXPECTATIONS));
        return new ExpectationChecker(duckDb).check(table, suite);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adult/adult.csv",
                "adult/adult-train.csv",
                "bike-sharing/hour-2011.csv",
                "bike-sharing/day.csv",
                "elec2/elec.csv",
                "german-credit/german.csv",
                "wine-quality/winequality-red.csv",
                "sms-spam/sms.tsv",
                "banking77/train.csv"
            })
    void aRealTablePassesItsOwnSuite(String name) throws IOException {
        Path table = ingest(name);
        String yaml = yaml(table);
        ExpectationReport report = check(table, yaml);
        assertThat(report.results()).as(yaml).allMatch(r -> r.verdict() == Verdict.PASS);
        assertThat(yaml(table)).isEqualTo(yaml);
        assertThat(yaml.lines()).allMatch(line -> line.length() <= 140);
    }

    @Test
    void theHoldoutOfAdultPassesTheSuiteOfItsTrainingPart() throws IOException {
        String yaml = yaml(ingest("adult/adult.csv"));
        Path holdout = ingest("adult/adult-holdout.csv");
        assertThat(check(holdout, yaml).notPassed()).isEmpty();
    }

    @Test
    void aSpoiledCopyIsCaught() throws IOException, SQLException {
        Path table = ingest("adult/adult.csv");
        String yaml = yaml(table);
        Path spoiled = folder.resolve("spoiled.parquet");
        try (DuckDb.Session session = duckDb.open()) {
            session.run(
                    ParquetFiles.copy(
                            "select * replace (case when age = 90 then 900 else age end as age,"
                                + " case when sex = 'Male' and age > 60 then 'M' else sex end as"
                                + " sex, case when age < 20 then null else education end as"
                                + " education, -hours_per_week as hours_per_week) from "
                                    + DuckDb.parquet(table, false)
                                    + " limit 10000",
                            spoiled));
        }
        assertThat(check(spoiled, yaml).notPassed())
                .extracting(Result::id)
                .containsExactly(
                        "age.max",
                        "education.not_null",
                        "sex.in",
                        "hours_per_week.min",
                        "table.row_count");
    }

    @Test
    void namesAndTextsAreQuotedWhereYamlNeedsIt() throws IOException, SQLException {
        Path table = folder.resolve("table.parquet");
        try (DuckDb.Session session = duckDb.open()) {
            session.run(
                    ParquetFiles.copy(
                            "select i as id, ['no', 'a: b', '#1', 'it''s', '\"q\"', '5', ' '][i % 7"
                                + " + 1] as \"on\", i % 2 = 0 as \"is: ok\", i / 100.0::double as"
                                + " share, (i * 17 % 101 - 50)::double as \"Ünder\" from range(100)"
                                + " t(i)",
                            table));
        }
        String yaml = yaml(table);
        assertThat(check(table, yaml).results())
                .as(yaml)
                .allMatch(r -> r.verdict() == Verdict.PASS);
        assertThat(yaml)
                .contains("  id: {type: bigint, not_null: true, unique: true}\n")
                .contains("  share: {type: double, not_null: true, min: 0, max: 1, finite: true}\n")
                .contains("  \"on\": {type: varchar, not_null: true, in: [\" \",")
                .contains("  row_count: {min: 50}  # half of what was seen\n");
    }

    /** A way to spoil a column, as SQL over its quoted name; null where it does not fit. */
    private static @Nullable String spoiled(Column column, int way) {
        String name = DuckDb.name(column.name());
        return switch (way) {
            case 0 -> "null";
            case 1 -> column.type().numeric() ? "-1000 * abs(" + name + ") - 1000000" : null;
            default -> column.type().numeric() ? "1000 * abs(" + name + ") + 1000000" : null;
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adult/adult.csv",
                "bike-sharing/day.csv",
                "elec2/elec.csv",
                "german-credit/german.csv",
                "wine-quality/winequality-red.csv"
            })
    void whateverColumnIsSpoiledIsCaught(String name) throws IOException, SQLException {
        Path table = ingest(name);
        String yaml = yaml(table);
        List<Column> columns = new ParquetFiles(duckDb).schema(table).columns();
        long seed = 20261125;
        Random random = new Random(seed);
        for (int trial = 0; trial < 8; trial++) {
            Column column = columns.get(random.nextInt(columns.size()));
            String value = spoiled(column, random.nextInt(3));
            if (value == null) {
                continue;
            }
            Path copy = folder.resolve("spoiled.parquet");
            try (DuckDb.Session session = duckDb.open()) {
                session.run(
                        ParquetFiles.copy(
                                "select * replace (cast(case when hash(file_row_number) % 2 = 0"
                                        + " then "
                                        + value
                                        + " else "
                                        + DuckDb.name(column.name())
                                        + " end as "
                                        + column.declared()
                                        + ") as "
                                        + DuckDb.name(column.name())
                                        + ") from "
                                        + DuckDb.parquet(table, false),
                                copy));
            }
            assertThat(check(copy, yaml).notPassed())
                    .as("seed %d, trial %d: %s becomes %s", seed, trial, column.name(), value)
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select i::double as x, 'a' as s from range(0) t(i)",
                "select case when i = 3 then 'inf'::double else i end as x, 'a' as s from range(50)"
                        + " t(i)",
                "select case when i = 3 then '-inf'::double when i = 4 then 'nan' else i end as x,"
                        + " repeat('long ', 400) as s from range(50) t(i)"
            })
    void aStrangeTablePassesItsOwnSuite(String query) throws IOException, SQLException {
        Path table = folder.resolve("strange.parquet");
        try (DuckDb.Session session = duckDb.open()) {
            session.run(ParquetFiles.copy(query, table));
        }
        String yaml = yaml(table);
        assertThat(yaml).hasSizeLessThan(1_000);
        assertThat(check(table, yaml).notPassed()).isEmpty();
    }
}

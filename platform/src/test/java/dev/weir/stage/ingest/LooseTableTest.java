package dev.weir.stage.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.config.YamlReader;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.StrangeCsv;
import dev.weir.ml.data.check.Comparison;
import dev.weir.ml.data.check.ExpectationChecker;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationReport.Result;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.data.source.ProvenCsv;
import dev.weir.ml.data.source.Sniffer;
import dev.weir.ml.data.source.Tables;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** A table of no project is checked the short way where that is sure, with the same answers. */
class LooseTableTest {
    private static final int TABLES = Boolean.getBoolean("weir.test.full") ? 1_000 : 60;
    private static final Instant NOW = Instant.parse("2020-06-01T00:00:00Z");

    private static final List<String> CHECKS =
            List.of(
                    "not_null: true",
                    "min: 0",
                    "min: -5",
                    "exclusive_min: 0",
                    "max: 12",
                    "max: 1.5",
                    "in: [\"US\", \"DE\", \"x\"]",
                    "in: [0, 7, 12]",
                    "not_in: [\"x\", \"plain\"]",
                    "regex: \"^[a-zA-Z]+$\"",
                    "not_regex: \"[0-9]\"",
                    "length: {max: 4}",
                    "length: {min: 2}",
                    "finite: true",
                    "unique: true",
                    "increasing: true",
                    "format: email",
                    "fresh_range: {max_age: 90d}",
                    "mean: {min: 0}",
                    "type: varchar",
                    "type: bigint",
                    "type: double",
                    "type: \"decimal(12,2)\"",
                    "min: \"2020-01-01\"",
                    "references: others.c0",
                    "pii: true");

    private static final List<String> RULES =
            List.of(
                    "{id: r0, expr: \"c0 is not null or c1 is null\"}",
                    "{id: r1, expr: \"c0 = c1\"}",
                    "{id: r2, expr: \"c0 > 3\", max_fraction: 0.5}",
                    "{id: r3, expr: \"length(cast(c0 as varchar)) in (1, 2, 3, 4, 5, 6, 7, 8)\"}",
                    "{id: r4, unique: [c0, c1]}",
                    "{id: r5, expr: \"nosuch > 1\"}",
                    "{id: r6, expr: \"cast(c0 as integer) > 1\"}",
                    "{id: r7, expr: \"c1 like '%a%'\", where: \"c0 is not null\"}");

    @TempDir Path folder = Path.of("");

    @Test
    void answersAsTheLongWayDoes() throws IOException {
        int inOnePass = 0;
        for (int seed = 0; seed < TABLES; seed++) {
            inOnePass += agrees(seed, folder) ? 1 : 0;
        }
        assertThat(inOnePass).as("tables checked in one pass").isGreaterThan(TABLES / 20);
    }

    @Test
    void judgesEachRuleOfAHeadingWithoutRows() throws IOException {
        Files.writeString(folder.resolve("empty.csv"), "c0,c1\n");
        ConfigNode yaml =
                new YamlReader()
                        .parse(
                                "suite.yaml",
                                """
                                columns:
                                  c0: {type: bigint, not_null: true, mean: {min: 1}, unique: true}
                                  c1: {regex: "^a"}
                                  nosuch: {not_null: true}
                                rules:
                                  - {id: positive, expr: "c0 > 1"}
                                table: {row_count: {min: 5}}
                                """);
        ExpectationReport report =
                new LooseTable(
                                new DuckDb(folder.resolve("scratch"), 1),
                                folder,
                                JsonNodeFactory.instance.objectNode())
                        .check(
                                "empty.csv",
                                yaml,
                                new LooseTable.Beside(NOW, Optional.empty(), Map.of()),
                                null);
        assertThat(report.results().stream().map(r -> r.id() + " " + r.verdict().word()))
                .containsExactlyInAnyOrder(
                        "c0.type pass",
                        "c0.not_null skipped",
                        "c0.mean skipped",
                        "c0.unique skipped",
                        "c1.regex skipped",
                        "nosuch.not_null error",
                        "positive skipped",
                        "table.row_count fail");
        assertThat(report.notPassed()).allSatisfy(r -> assertThat(r.message()).isNotBlank());
    }

    @Test
    void namesTheRowsOfALongTableByTheirNumbers() throws IOException {
        StringBuilder text = new StringBuilder("id,country\n");
        for (int row = 1; row <= 300_000; row++) {
            text.append(row).append(',').append(row % 10_007 == 0 ? "XX" : "DE").append('\n');
        }
        Files.writeString(folder.resolve("long.csv"), text);
        ConfigNode yaml =
                new YamlReader()
                        .parse(
                                "suite.yaml",
                                """
                                key: [id]
                                columns: {country: {in: [AT, BE, CH, DE, ES, FR, GB, IT, NL, PL]}}
                                """);
        ExpectationReport report =
                new LooseTable(
                                new DuckDb(folder.resolve("scratch"), 4),
                                folder,
                                JsonNodeFactory.instance.objectNode())
                        .check(
                                "long.csv",
                                yaml,
                                new LooseTable.Beside(NOW, Optional.empty(), Map.of()),
                                null);
        Result result = report.results().getFirst();
        assertThat(result.violations()).isEqualTo(29);
        assertThat(result.samples())
                .hasSize(20)
                .allSatisfy(s -> assertThat(s.key()).containsEntry("id", "" + s.row()));
        assertThat(result.samples().getFirst().row()).isEqualTo(10_007);
    }

    /** Whether one was checked in one pass; that the answers are equal is asserted. */
    static boolean agrees(int seed, Path folder) throws IOException {
        Random random = new Random(seed);
        Path file = folder.resolve("t" + seed + ".csv");
        Files.write(file, StrangeCsv.of(random));
        Files.writeString(folder.resolve("others.csv"), "c0\n1\n7\nUS\n");
        String suite = suite(random);
        ConfigNode yaml = new YamlReader().parse("suite.yaml", suite);
        DuckDb duckDb = new DuckDb(folder.resolve("scratch"), 2);
        ObjectNode source = JsonNodeFactory.instance.objectNode();
        List<String> found =
                outcome(
                        () ->
                                new LooseTable(duckDb, folder, source)
                                        .check(
                                                file.toString(),
                                                yaml,
                                                new LooseTable.Beside(
                                                        NOW,
                                                        Optional.empty(),
                                                        Map.of("others", "others.csv")),
                                                null));
        List<String> expected = outcome(() -> theLongWay(duckDb, folder, file, yaml));
        assertThat(found)
                .as(
                        "seed "
                                + seed
                                + ":\n"
                                + suite
                                + "\n"
                                + Files.readString(file, StandardCharsets.ISO_8859_1))
                .isEqualTo(expected);
        boolean inOnePass =
                ProvenCsv.of(
                                List.of(file),
                                source.deepCopy().put("file", file.toString()),
                                s -> typed(s, ExpectationSuite.of(yaml)))
                        .flatMap(
                                csv ->
                                        new ExpectationChecker(duckDb)
                                                .check(
                                                        csv,
                                                        ExpectationSuite.of(yaml),
                                                        Comparison.at(NOW)))
                        .isPresent();
        Files.delete(file);
        return inOnePass;
    }

    private static ExpectationReport theLongWay(
            DuckDb duckDb, Path folder, Path file, ConfigNode yaml) {
        ExpectationSuite suite = ExpectationSuite.of(yaml);
        Path table = read(duckDb, file, suite, folder.resolve("long.parquet"));
        Path others =
                read(
                        duckDb,
                        folder.resolve("others.csv"),
                        ExpectationSuite.none(),
                        folder.resolve("long-others.parquet"));
        return new ExpectationChecker(duckDb)
                .check(table, suite, new Comparison(NOW, null, Map.of("others", others)), null);
    }

    private static Path read(DuckDb duckDb, Path file, ExpectationSuite suite, Path out) {
        Sniffer.Sniffed sniffed =
                new Sniffer(duckDb)
                        .sniff(
                                List.of(file),
                                JsonNodeFactory.instance.objectNode().put("file", file.toString()));
        return new Tables(duckDb)
                .ingest(List.of(file), sniffed.format(), typed(sniffed.schema(), suite), out)
                .parquet();
    }

    private static Schema typed(Schema found, ExpectationSuite suite) {
        return new Schema(
                found.columns().stream()
                        .map(c -> suite.types().getOrDefault(c.name(), c))
                        .toList());
    }

    private static List<String> outcome(Supplier<ExpectationReport> check) {
        try {
            ExpectationReport report = check.get();
            List<String> lines = new ArrayList<>(List.of(report.rows() + " rows"));
            report.results().stream().map(Result::toString).forEach(lines::add);
            return lines;
        } catch (ProblemException e) {
            return e.problems().stream().map(Object::toString).toList();
        }
    }

    private static String suite(Random random) {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(3) == 0) {
            text.append("key: [c0]\n");
        }
        if (random.nextInt(5) == 0) {
            text.append("where: \"c0 is not null\"\n");
        }
        text.append("columns:\n");
        for (int c = 0; c < 4; c++) {
            List<String> checks = new ArrayList<>();
            for (int k = 0; k < 1 + random.nextInt(3); k++) {
                String check = CHECKS.get(random.nextInt(CHECKS.size()));
                String key = check.substring(0, check.indexOf(':'));
                boolean rare = key.equals("mean") || key.equals("references");
                if (checks.stream().noneMatch(o -> o.startsWith(key))
                        && !(rare && random.nextInt(4) > 0)) {
                    checks.add(check);
                }
            }
            if (random.nextInt(5) == 0) {
                checks.add("max_fraction: 0.3");
            }
            if (!checks.isEmpty()) {
                text.append("  c").append(c).append(": {");
                text.append(String.join(", ", checks)).append("}\n");
            }
        }
        if (random.nextInt(3) == 0) {
            text.append("rules:\n  - ").append(RULES.get(random.nextInt(RULES.size())));
            text.append("\n");
        }
        if (random.nextInt(3) == 0) {
            text.append("table: {row_count: {min: 5}, extra_columns: forbid}\n");
        }
        return text.toString();
    }
}

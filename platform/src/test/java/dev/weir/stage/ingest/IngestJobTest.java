package dev.weir.stage.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.config.ConfigSchema;
import dev.weir.base.config.YamlReader;
import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.data.profile.Profile;
import dev.weir.ml.data.source.TableFormat;
import dev.weir.ml.gate.Verdict;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class IngestJobTest {
    @TempDir Path folder;
    private DuckDb duckDb;
    private Path people;

    @BeforeEach
    void people() throws IOException {
        duckDb = new DuckDb(folder.resolve("scratch"), 2);
        people = folder.resolve("people.csv");
        Files.writeString(people, "zip,age,name\n00501,33,Ann\n90210,17,Bob\n10001,,Cy\n");
    }

    private ExpectationSuite suite(String yaml) throws IOException {
        Path file = folder.resolve("people.yaml");
        Files.writeString(file, yaml);
        return ExpectationSuite.of(new YamlReader().read(file, ConfigSchema.EXPECTATIONS));
    }

    private IngestJob.Outcome run(String yaml, Path out) throws IOException {
        return new IngestJob(duckDb)
                .run(List.of(people), TableFormat.Csv.DEFAULT, suite(yaml), out);
    }

    @Test
    void givesATableAndEvidenceOfIt() throws IOException {
        IngestJob.Outcome done = run("columns: {age: {min: 18}}\n", folder.resolve("one.parquet"));
        assertThat(done.schema().json())
                .hasToString(
                        "{\"columns\":[{\"name\":\"zip\",\"type\":\"VARCHAR\"},{\"name\":\"age\",\"type\":\"BIGINT\"},{\"name\":\"name\",\"type\":\"VARCHAR\"}]}");
        assertThat(done.report().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(done.evidence().propertyNames())
                .containsExactly("rows", "schema", "profile", "expectations");
        assertThat(Profile.of(done.evidence().get("profile"))).isEqualTo(done.profile());
        assertThat(ExpectationReport.of(done.evidence().get("expectations")))
                .isEqualTo(done.report());
    }

    @Test
    void equalInputsGiveEqualBytesAndEvidence() throws IOException {
        String yaml = "columns: {age: {type: double, not_null: true}}\n";
        IngestJob.Outcome one = run(yaml, folder.resolve("one.parquet"));
        IngestJob.Outcome two = run(yaml, folder.resolve("two.parquet"));
        assertThat(Digest.ofFile(two.parquet())).isEqualTo(Digest.ofFile(one.parquet()));
        assertThat(CanonicalJson.text(two.evidence()))
                .isEqualTo(CanonicalJson.text(one.evidence()));
    }

    @Test
    void theSuiteFixesTypesAndColumns() throws IOException {
        Path out = folder.resolve("out.parquet");
        IngestJob.Outcome done =
                run(
                        "columns:\n  zip: {type: bigint}\n  age: {type: double}\n  name: {type:"
                                + " string}\ntable: {extra_columns: forbid}\n",
                        out);
        assertThat(done.schema().columns())
                .extracting(c -> c.type().name())
                .containsExactly("BIGINT", "DOUBLE", "VARCHAR");
        assertThatThrownBy(() -> run("columns: {zip: {type: date}}\n", out))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("people.csv:2:1: zip: \"00501\" (expected: DATE)");
        assertThatThrownBy(() -> run("columns: {height: {type: double}}\n", out))
                .hasMessageContaining("height: no such column (found: zip, age, name)");
        assertThatThrownBy(
                        () ->
                                run(
                                        "columns: {zip: {}, age: {}}\n"
                                                + "table: {extra_columns: forbid}\n",
                                        out))
                .hasMessageContaining("name: not in the schema (expected: zip, age)");
    }

    @Test
    void leavesToTheGateWhatHasAnotherAnswerAtAnotherMoment() throws IOException {
        IngestJob.Outcome done =
                run(
                        """
                        columns: {age: {not_null: true}}
                        rules:
                          - {id: minors, sql: "select * from dataset where age < 18"}
                          - {id: adults, expr: "age >= 18"}
                        """,
                        folder.resolve("out.parquet"));
        assertThat(done.report().results())
                .extracting(ExpectationReport.Result::id)
                .containsExactly("age.not_null", "adults");
    }
}

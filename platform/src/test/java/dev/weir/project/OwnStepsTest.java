package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.pipeline.Plan;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class OwnStepsTest {
    @TempDir Path above;
    private TestProject shop;

    @BeforeEach
    void begin() throws IOException {
        shop = new TestProject(above);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private void steps(String yaml) throws IOException {
        shop.edit("pipelines/orders.yaml", "train:\n", "steps:\n" + yaml.indent(2) + "\ntrain:\n");
    }

    private Problem refused(String yaml) throws IOException {
        steps(yaml);
        return catchThrowableOfType(
                        ProblemException.class,
                        () -> shop.runs().plan(shop.project, null, RunOptions.MANUAL))
                .problems()
                .getFirst();
    }

    @Test
    void fillsPathsAndValuesQuotedForTheShell() throws IOException {
        Files.writeString(shop.folder.resolve("it's.txt"), "x");
        steps(
                """
                a:
                  run: cat {{in.text}} > {{out.copy}}; echo {{params.word}} {{ params.n }} "$WEIR_OUT_COPY" >> {{out.copy}}
                  in: {text: {file: "it's.txt"}}
                  out: {copy: out/copy.txt}
                  params: {word: "a; exit 1 'b'", n: 3}
                """);
        RunSummary summary = shop.run();
        assertThat(summary.report().problems()).isEmpty();
        String text =
                new String(
                        shop.home
                                .blobs()
                                .bytes(summary.report().result("a").output("copy").digest()),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertThat(text).isEqualTo("xa; exit 1 'b' 3 out/copy.txt\n");
    }

    @Test
    void aStepSeesOnlyTheEnvironmentThatItDeclares() throws IOException {
        steps(
                """
                a:
                  run: [sh, -c, 'env | cut -d= -f1 | sort > names; echo "$GREETING" > word']
                  env: {GREETING: hello}
                  out: {names: names, word: word}
                """);
        RunSummary summary = shop.run();
        String names =
                new String(
                        shop.home
                                .blobs()
                                .bytes(summary.report().result("a").output("names").digest()),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertThat(names.lines())
                .contains("GREETING", "PYTHONHASHSEED", "TZ", "WEIR_PARAMS")
                .doesNotContain("LANG", "MAVEN_HOME", "OLDPWD");
    }

    @Test
    void refusesATemplateThatStandsForNothing() throws IOException {
        Problem problem =
                refused("a: {run: 'cp {{in.tabel}} x', in: {table: {from: ingest.table}}}");
        assertThat(problem.line())
                .endsWith(
                        "pipelines/orders.yaml:13:12: steps.a.run: {{in.tabel}} stands for"
                                + " nothing");
        assertThat(problem.hint()).isEqualTo("Did you mean {{in.table}}?");
        assertThat(problem.place()).isNotNull();
    }

    @Test
    void refusesANotebook() throws IOException {
        Problem problem = refused("a: {run: jupyter nbconvert --execute notebooks/explore.ipynb}");
        assertThat(problem.message()).isEqualTo("steps.a.run: a pipeline runs no notebook");
        assertThat(problem.code()).isEqualTo("step.notebook");
    }

    @Test
    void refusesTwoStepsWithOneOutput() throws IOException {
        Problem problem =
                refused(
                        """
                        a: {run: "true", out: {x: out/t.csv}}
                        b: {run: "true", out: {y: ./out/t.csv}}
                        """);
        assertThat(problem.message()).isEqualTo("./out/t.csv: written by two steps, a and b");
    }

    @Test
    void refusesACycle() throws IOException {
        Problem problem =
                refused(
                        """
                        a: {run: "true", in: {i: {from: b.y}}, out: {x: x}}
                        b: {run: "true", in: {i: {from: a.x}}, out: {y: y}}
                        """);
        assertThat(problem.message()).isEqualTo("a cycle: a needs b needs a");
        assertThat(problem.place()).asString().contains(".yaml:");
    }

    @Test
    void refusesNamesAndPathsThatAreNotItsOwn() throws IOException {
        assertThat(refused("train: {run: 'true'}").message())
                .isEqualTo("steps.train: a step of Weir is called so");
        shop.edit(
                "pipelines/orders.yaml",
                "  train: {run: 'true'}",
                "  a: {run: 'true', out: {x: ../x}}");
        Problem outside =
                catchThrowableOfType(
                                ProblemException.class,
                                () -> shop.runs().plan(shop.project, null, RunOptions.MANUAL))
                        .problems()
                        .getFirst();
        assertThat(outside.message())
                .isEqualTo(
                        "steps.a.out.x: ../x (expected: a path inside the step's own directory)");
    }

    @Test
    void onlyTheDeclaredCodeAndFilesDecide() throws IOException {
        Files.createDirectories(shop.folder.resolve("src/data"));
        Files.writeString(shop.folder.resolve("src/data/a.sh"), "echo 1 > x\n");
        steps("a: {run: sh src/data/a.sh, code: 'src/data/**', out: {x: x}}");
        shop.run();
        Files.createDirectories(shop.folder.resolve("src/models"));
        Files.writeString(shop.folder.resolve("src/models/other.sh"), "echo\n");
        assertThat(expectation("a")).isEqualTo(Plan.Expectation.HIT);
        Files.writeString(shop.folder.resolve("src/data/a.sh"), "echo 2 > x\n");
        assertThat(expectation("a")).isEqualTo(Plan.Expectation.MISS);
    }

    private Plan.Expectation expectation(String step) {
        return shop.runs().plan(shop.project, null, RunOptions.MANUAL).steps().stream()
                .filter(s -> s.step().equals(step))
                .map(Plan.Planned::expectation)
                .findFirst()
                .orElseThrow();
    }
}

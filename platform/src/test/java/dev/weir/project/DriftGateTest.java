package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.digest.JsonTree;
import dev.weir.ml.data.DatasetVersion;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.stats.drift.Baseline;
import dev.weir.pipeline.Progress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Drift at the ingest gate, from run to run. */
class DriftGateTest {
    private static final String SUITE = "expectations/orders.yaml";

    @TempDir Path temp;

    /** To the gate, and no further. */
    private static RunSummary run(TestProject project) {
        RunOptions gate =
                new RunOptions(
                        Optional.of(Names.INGEST_GATE), Optional.empty(), false, false, "manual");
        return project.runs().run(project.project, null, gate, Progress.SILENT);
    }

    private static Ruling ruling(RunSummary run, String gate) {
        return run.rulings().stream().filter(r -> r.gate().equals(gate)).findFirst().orElseThrow();
    }

    @Test
    void aTableIsComparedWithTheLastAcceptedOne() throws IOException {
        try (TestProject project = new TestProject(temp)) {
            Path suite = project.folder.resolve(SUITE);
            Files.writeString(
                    suite,
                    "columns: {days: {drift: {method: ks, fail: 0.3}}}\ndrift: {default: {}}\n");

            RunSummary first = run(project);
            assertThat(ruling(first, "ingest.days.drift").verdict()).isEqualTo(Verdict.SKIPPED);
            assertThat(ruling(first, "ingest.drift").reason())
                    .contains("skipped: there is no accepted version to compare with");
            DatasetVersion kept = version(project, 1);
            Baseline baseline =
                    Baseline.of(
                            JsonTree.read(
                                    Files.readAllBytes(
                                            project.home
                                                    .blobs()
                                                    .localPath(
                                                            Objects.requireNonNull(kept.baseline()))
                                                    .orElseThrow())));
            assertThat(baseline.rows()).isEqualTo(600);

            RunSummary again = run(project);
            assertThat(ruling(again, "ingest.price.drift").verdict()).isEqualTo(Verdict.PASS);

            Path table = temp.resolve("orders.csv");
            Files.writeString(table, TestProject.orders(700, 2));
            RunSummary other = run(project);
            assertThat(ruling(other, "ingest.days.drift").verdict()).isEqualTo(Verdict.PASS);
            assertThat(ruling(other, "ingest.drift").reason())
                    .contains("0 of 4 columns have moved from orders:1");

            Files.writeString(
                    table, TestProject.orders(700, 3).replaceAll(",(\\d+),(\\w*),", ",9$1,$2,"));
            RunSummary moved = run(project);
            Ruling days = ruling(moved, "ingest.days.drift");
            assertThat(days.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(days.reason()).startsWith("days: ks is 1").endsWith(", against orders:2");

            // what was not accepted is nothing to compare with
            Files.writeString(table, TestProject.orders(650, 4));
            assertThat(ruling(run(project), "ingest.days.drift").verdict()).isEqualTo(Verdict.PASS);
        }
    }

    @Test
    void aVersionCanBeNamedAndOneThatIsNotThereIsAnError() throws IOException {
        try (TestProject project = new TestProject(temp)) {
            Path suite = project.folder.resolve(SUITE);
            Files.writeString(suite, "columns: {}\n");
            run(project);
            Files.writeString(suite, "drift: {baseline: 'dataset:orders@v1', default: {}}\n");
            assertThat(ruling(run(project), "ingest.days.drift").verdict()).isEqualTo(Verdict.PASS);
            Files.writeString(suite, "drift: {baseline: 'dataset:shops', default: {}}\n");
            Ruling unknown = ruling(run(project), "ingest.drift");
            assertThat(unknown.verdict()).isEqualTo(Verdict.ERROR);
            assertThat(unknown.reason()).contains("no dataset shops (found: orders)");
        }
    }

    private static DatasetVersion version(TestProject project, long number) {
        return project.home
                .database()
                .read(tx -> project.home.datasets().version(tx, "orders", number));
    }
}

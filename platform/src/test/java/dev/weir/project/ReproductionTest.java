package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Kind;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.NewVersion;
import dev.weir.ml.registry.Recipe;
import dev.weir.ml.registry.VersionRef;
import dev.weir.pipeline.Progress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

class ReproductionTest {
    @TempDir Path above;
    private TestProject shop;

    @BeforeEach
    void begin() throws IOException {
        shop = new TestProject(above);
        Files.createDirectories(shop.folder.resolve("src"));
        Files.writeString(
                shop.folder.resolve("src/pass.sh"),
                "cat in/table.parquet > out.parquet; cat rates.csv\n");
        Files.writeString(shop.folder.resolve("rates.csv"), "1\n");
        shop.edit(
                "pipelines/orders.yaml",
                "train:\n",
                """
                steps:
                  pass:
                    run: [sh, src/pass.sh]
                    in: {table: {from: ingest.table}, rates: {file: rates.csv}}
                    out: {table: out.parquet}

                train:
                  data: {from: pass.table}
                """);
        shop.run();
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private Reproduction.Proof reproduce(Runtime runtime) {
        return new Reproduction(shop.home, runtime)
                .reproduce(VersionRef.parse("orders"), Progress.SILENT);
    }

    @Test
    void theEntryAloneGivesTheSameBytes() throws IOException {
        Files.delete(above.resolve("orders.csv"));
        Files.delete(shop.folder.resolve("rates.csv"));
        Files.writeString(shop.folder.resolve("src/pass.sh"), "exit 1\n");
        shop.edit("configs/training/orders.yaml", "rounds: 200", "rounds: 3");
        Reproduction.Proof proof = reproduce(shop.services.runtime());
        assertThat(proof.level()).isEqualTo(Level.R0);
        assertThat(proof.same()).isTrue();
        assertThat(proof.digest()).isEqualTo(shop.version("orders:1").content());
        assertThat(proof.differs()).isEmpty();
        try (var left = Files.list(shop.home.root().resolve("work"))) {
            assertThat(left).isEmpty();
        }
        assertThat(shop.runs().engine().runs("default", null, 10)).hasSize(1);
    }

    @Test
    void tellsWhichLinkDiffersThoughTheBytesAreTheSame() {
        Runtime here = shop.services.runtime();
        Runtime elsewhere =
                new Runtime(
                        here.version(),
                        "25.0.9+1",
                        here.os(),
                        here.arch(),
                        here.libraries(),
                        here.folder(),
                        here.machine());
        Reproduction.Proof proof = reproduce(elsewhere);
        assertThat(proof.level()).isEqualTo(Level.R0);
        assertThat(proof.differs())
                .containsExactly(
                        new Reproduction.Difference(
                                Link.ENVIRONMENT, "jdk", here.jdk(), "25.0.9+1"));
    }

    @Test
    void namesTheLinkThatTheStoreHasLost() throws IOException {
        String table =
                shop.version("orders:1")
                        .recipe()
                        .link(Link.DATA)
                        .orElseThrow()
                        .path("digest")
                        .stringValue();
        Path blob = shop.home.blobs().localPath(new Digest(table)).orElseThrow();
        assertThat(blob.toFile().setWritable(true)).isTrue();
        byte[] bytes = Files.readAllBytes(blob);
        bytes[bytes.length / 2] ^= 1;
        Files.write(blob, bytes);
        ProblemException corrupt =
                catchThrowableOfType(
                        ProblemException.class, () -> reproduce(shop.services.runtime()));
        assertThat(corrupt.kind()).isEqualTo(Kind.REJECTED);
        assertThat(corrupt).hasMessageContaining("link data").hasMessageContaining("corrupt");
        shop.home.blobs().delete(new Digest(table));
        assertThatThrownBy(() -> reproduce(shop.services.runtime()))
                .hasMessageContaining("link data")
                .hasMessageContaining("gone from the store");
    }

    @Test
    void refusesARecipeThatIsNotWhole() {
        Recipe part = shop.version("orders:1").recipe();
        Map<Link, tools.jackson.databind.node.ObjectNode> links = new TreeMap<>(part.links());
        links.remove(Link.CODE);
        shop.home
                .database()
                .writing(
                        tx ->
                                shop.home
                                        .registry()
                                        .register(
                                                tx,
                                                shop.home.actor(),
                                                new NewVersion(
                                                        "orders",
                                                        shop.version("orders:1").content(),
                                                        new Recipe(links),
                                                        null,
                                                        "",
                                                        "",
                                                        Map.of(),
                                                        JsonNodeFactory.instance.objectNode())));
        assertThatThrownBy(() -> reproduce(shop.services.runtime()))
                .hasMessage("orders:2 cannot be made again: its recipe lacks code");
        assertThat(Optional.of(shop.version("orders").version())).contains(2L);
    }

    @Test
    void namesTheTableThatAStepOfTheTeamsMadeOtherwise() throws IOException {
        Path other = above.resolve("other.parquet");
        Files.writeString(
                shop.folder.resolve("src/pass.sh"),
                "if [ -f %s ]; then cat %s; else cat in/table.parquet; fi > out.parquet\n"
                        .formatted(other, other));
        ModelVersion made = shop.run().version().orElseThrow();
        String table = made.recipe().link(Link.DATA).orElseThrow().path("digest").stringValue();
        BitSet some = new BitSet();
        some.set(0, 500);
        new ParquetFiles(new DuckDb(above, 1))
                .copyRows(
                        shop.home.blobs().localPath(new Digest(table)).orElseThrow(), some, other);
        Reproduction.Proof proof = reproduce(shop.services.runtime());
        assertThat(proof.level()).isIn(Level.R3, Level.R4);
        assertThat(proof.differs())
                .extracting(Reproduction.Difference::link)
                .containsOnly(Link.DATA);
        assertThat(proof.differs())
                .contains(
                        new Reproduction.Difference(Link.DATA, "rows of pass.table", "600", "500"));
        assertThat(proof.note()).contains("a fixed band, for the seeds make no difference");
    }

    @Test
    void holdsAnotherModelAgainstWhatTheSeedsDo() throws IOException {
        shop.edit("configs/training/orders.yaml", "rounds: 200", "rounds: 9\nsubsample: 0.5");
        shop.edit(
                "pipelines/orders.yaml",
                "validate:\n",
                "validate:\n  slices: {by: [colour], metrics: {recall: {min: 0}}}\n");
        ModelVersion first = shop.run().version().orElseThrow();
        shop.edit("configs/training/orders.yaml", "seed: 7", "seed: 99");
        ModelVersion other = shop.run().version().orElseThrow();
        // A version whose model is of another seed than its recipe says.
        Map<Link, tools.jackson.databind.node.ObjectNode> links =
                new TreeMap<>(first.recipe().links());
        links.computeIfPresent(Link.RUN, (link, run) -> run.deepCopy().put("run", "elsewhere"));
        shop.home
                .database()
                .writing(
                        tx ->
                                shop.home
                                        .registry()
                                        .register(
                                                tx,
                                                shop.home.actor(),
                                                new NewVersion(
                                                        "foreign",
                                                        other.content(),
                                                        new Recipe(links),
                                                        null,
                                                        "",
                                                        "",
                                                        Map.of(),
                                                        JsonNodeFactory.instance.objectNode())));
        List<String> notes = new ArrayList<>();
        Reproduction.Proof proof =
                new Reproduction(shop.home, shop.services.runtime())
                        .reproduce(
                                VersionRef.parse("foreign"),
                                new Progress() {
                                    @Override
                                    public void note(String sentence) {
                                        notes.add(sentence);
                                    }
                                });
        assertThat(notes).anyMatch(note -> note.startsWith("other seeds are trained"));
        assertThat(proof.level()).isIn(Level.R3, Level.R4);
        assertThat(proof.note()).contains("one standard deviation over 5 seeds");
        assertThat(proof.digest()).isEqualTo(first.content());

        // Where the seeds of the validation are there, they are taken, and nothing is trained.
        shop.edit("configs/training/orders.yaml", "seed: 99", "seed: 7");
        shop.edit("pipelines/orders.yaml", "validate:\n", "validate:\n  seeds: 6\n");
        RunSummary run = shop.run();
        links.computeIfPresent(
                Link.RUN,
                (link, before) -> before.deepCopy().put("registered_by", run.report().runId()));
        shop.home
                .database()
                .writing(
                        tx ->
                                shop.home
                                        .registry()
                                        .register(
                                                tx,
                                                shop.home.actor(),
                                                new NewVersion(
                                                        "known",
                                                        other.content(),
                                                        new Recipe(links),
                                                        null,
                                                        "",
                                                        "",
                                                        Map.of(),
                                                        JsonNodeFactory.instance.objectNode())));
        assertThat(
                        new Reproduction(shop.home, shop.services.runtime())
                                .reproduce(VersionRef.parse("known"), Progress.SILENT)
                                .note())
                .contains("one standard deviation over 6 seeds");
    }
}

package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.base.digest.Digest;
import dev.weir.ml.data.DatasetCandidate;
import dev.weir.ml.data.Datasets;
import dev.weir.ml.gate.Verdicts;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.NewVersion;
import dev.weir.ml.registry.Recipe;
import dev.weir.ml.registry.Registry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class StorekeeperTest {
    private static final String OTHER = "other";

    @TempDir Path temp;

    @Test
    void whatVersionsOfAnyWorkspaceNeedStaysAndTheRestGoes() throws IOException {
        try (TestProject project = new TestProject(temp)) {
            Home home = project.home;
            Verdicts verdicts = new Verdicts(OTHER, home.ledger(), home.clock(), home.ids());
            Datasets datasets = new Datasets(OTHER, home.ledger(), verdicts, home.clock());
            Registry registry =
                    new Registry(OTHER, home.ledger(), verdicts, home.clock(), home.ids());
            Digest table = put(home, "table");
            Digest holdout = put(home, "holdout");
            Digest profile = put(home, "profile");
            Digest baseline = put(home, "baseline");
            Digest rates = put(home, "rates");
            Digest tree = folder(home, "tree");
            Digest libraries = folder(home, "libraries");
            Digest model = folder(home, "model");
            Digest forgotten = put(home, "forgotten");
            Recipe recipe =
                    Recipe.unknown()
                            .with(Link.DATA, link("digest", table, "holdout", holdout))
                            .with(Link.ENVIRONMENT, link("libraries", libraries))
                            .with(Link.CODE, code(tree, rates));
            openOther(home);
            home.database()
                    .writing(
                            tx -> {
                                datasets.register(
                                        tx, home.actor(), candidate(table, profile, baseline));
                                registry.register(tx, home.actor(), version(model, recipe));
                            });
            putLongAgo(home.root().resolve("blobs"));

            Storekeeper.Collection done = new Storekeeper(home).collect(Duration.ZERO, false);

            assertThat(home.blobs().has(forgotten)).isFalse();
            assertThat(done.blobs()).isEqualTo(1);
            for (Digest digest :
                    List.of(table, holdout, profile, baseline, rates, tree, libraries, model)) {
                assertThat(home.blobs().has(digest)).isTrue();
            }
            assertThat(new Storekeeper(home).verify().sound()).isTrue();

            home.blobs().delete(rates);
            home.blobs().delete(Digest.ofText("file of model"));
            Storekeeper.Inspection found = new Storekeeper(home).verify();
            assertThat(found.lacks()).isTrue();
            assertThat(found.faults())
                    .extracting(Storekeeper.Fault::digest, Storekeeper.Fault::neededBy)
                    .containsExactlyInAnyOrder(
                            tuple(rates, List.of("m:1 (rates.csv)")),
                            tuple(Digest.ofText("file of model"), List.of("m:1")));
        }
    }

    private static void openOther(Home home) {
        home.database()
                .writing(
                        tx ->
                                tx.handle()
                                        .execute(
                                                "insert into workspace (name, created_us,"
                                                    + " created_by) values (?, 0, 'person:anna')",
                                                OTHER));
    }

    private static Digest put(Home home, String text) {
        return home.blobs().put(text.getBytes(UTF_8));
    }

    private Digest folder(Home home, String name) throws IOException {
        Path folder = Files.createDirectory(temp.resolve(name));
        Files.writeString(folder.resolve("file"), "file of " + name);
        return home.trees().putFolder(folder, path -> true);
    }

    private static ObjectNode link(Object... pairs) {
        ObjectNode link = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < pairs.length; i += 2) {
            link.put(pairs[i].toString(), ((Digest) pairs[i + 1]).hex());
        }
        return link;
    }

    private static ObjectNode code(Digest tree, Digest file) {
        ObjectNode code = link("tree", tree);
        code.putObject("files").put("rates.csv", "file:" + file.hex());
        return code;
    }

    private static DatasetCandidate candidate(Digest table, Digest profile, Digest baseline) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        return new DatasetCandidate("t", table, schema, profile, baseline, 1, "t.csv", null);
    }

    private static NewVersion version(Digest model, Recipe recipe) {
        return new NewVersion(
                "m", model, recipe, null, "", "", Map.of(), JsonNodeFactory.instance.objectNode());
    }

    private static void putLongAgo(Path blobs) throws IOException {
        try (Stream<Path> files = Files.walk(blobs)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
            }
        }
    }
}

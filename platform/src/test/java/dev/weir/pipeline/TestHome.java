package dev.weir.pipeline;

import dev.weir.store.blob.LocalBlobStore;
import dev.weir.store.blob.Trees;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.node.JsonNodeFactory;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A home in a folder: a real database, a real store, and engines that share them. */
final class TestHome implements AutoCloseable {
    final Path folder;
    final Database database;
    final LocalBlobStore blobs;
    final Trees trees;
    final Ids ids = Ids.of(Clock.systemUTC());
    final List<String> heard = new CopyOnWriteArrayList<>();

    TestHome(Path folder) {
        this(folder, "jdbc:sqlite:" + folder.resolve("weir.db"));
    }

    TestHome(Path folder, String url) {
        this(
                folder,
                Database.open(url),
                LocalBlobStore.open(folder.resolve("blobs"), Clock.systemUTC()));
    }

    TestHome(Path folder, Database database, LocalBlobStore blobs) {
        this.folder = folder;
        this.database = database;
        this.blobs = blobs;
        this.trees = new Trees(blobs);
    }

    Engine engine() {
        return engine(new Resources(2, 1L << 32, 0), EngineParts.LEASE);
    }

    Engine engine(Resources machine, Duration lease) {
        RunListener listener =
                new RunListener() {
                    @Override
                    public void started(Transaction tx, RunRecord run) {
                        heard.add("started");
                    }

                    @Override
                    public void ended(Transaction tx, RunRecord run) {
                        heard.add(run.status().text());
                    }
                };
        return new Engine(
                database,
                new Workbench(blobs, trees, folder.resolve("work"), folder.resolve("logs")),
                machine,
                ProcessIdentity.current(),
                Clock.systemUTC(),
                ids,
                listener,
                lease);
    }

    RunRequest request(String... forced) {
        return new RunRequest(
                ids.next(),
                "default",
                "person:test",
                "manual",
                JsonNodeFactory.instance.objectNode(),
                Set.of(forced),
                false);
    }

    RunRequest keepGoing() {
        RunRequest plain = request();
        return new RunRequest(
                plain.runId(),
                plain.workspace(),
                plain.actor(),
                plain.trigger(),
                plain.project(),
                Set.of(),
                true);
    }

    /** {@code step:outcome} of a report, in order. */
    static List<String> outcomes(RunReport report) {
        List<String> outcomes = new ArrayList<>();
        report.steps().forEach(s -> outcomes.add(s.step() + ":" + s.outcome().text()));
        return outcomes;
    }

    String text(RunReport report, String step, String output) {
        return new String(
                blobs.bytes(report.result(step).output(output).digest()),
                java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        database.close();
    }
}

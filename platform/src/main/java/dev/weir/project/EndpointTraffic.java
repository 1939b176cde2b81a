package dev.weir.project;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.log.DayLoss;
import dev.weir.ml.data.source.SourceFiles;
import dev.weir.ml.model.Signature;
import dev.weir.ml.traffic.OutcomeFile;
import dev.weir.ml.traffic.Outcomes;
import dev.weir.ml.traffic.Traffic;
import dev.weir.ml.traffic.Windows;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What a person does with the traffic of an endpoint: look at it, add to it, erase from it. */
public final class EndpointTraffic implements AutoCloseable {
    private final Home home;
    private final DuckDb scratch;
    private final Traffic traffic;

    /**
     * @param scratch where temporary files go
     */
    public EndpointTraffic(Home home, DuckDb scratch) {
        this.home = home;
        this.scratch = scratch;
        this.traffic = new Traffic(home.root(), home.workspace(), scratch, home.clock());
    }

    /** The endpoints that have traffic, by name. */
    public List<String> endpoints() {
        return traffic.endpoints();
    }

    /**
     * What an endpoint's log holds.
     *
     * @param days rows by day and variant
     * @param losses rows that should be there and are not
     */
    public record Shown(List<Windows.Day> days, List<DayLoss> losses) {}

    /** What an endpoint's log holds now. */
    public Shown show(String endpoint) {
        return new Shown(traffic.windows(endpoint).days(), traffic.losses(endpoint));
    }

    /**
     * What came of a file of outcomes.
     *
     * @param guesses one sentence for each thing about the file that was guessed
     */
    public record Added(Outcomes.Added counts, List<String> guesses) {}

    /**
     * Adds the outcomes of a file, all or none, and records who did.
     *
     * @param here the folder that names of files start from
     * @param file or a glob of them
     * @param source keys of a {@code source} mapping that a person gave; the others are guessed
     * @param lookBack how long before its time the prediction of a key may have been
     */
    public Added add(
            String endpoint, Path here, String file, ObjectNode source, Duration lookBack) {
        Signature signature = traffic.windows(endpoint).signature();
        List<Path> files = SourceFiles.of(here, file);
        ObjectNode written = source.deepCopy().put("file", files.getFirst().toString());
        OutcomeFile read = OutcomeFile.read(scratch, files, written, signature, lookBack);
        Outcomes.Added added = traffic.outcomes(endpoint).add(read.outcomes());
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("rows", added.rows());
        payload.put("matched", added.matched());
        payload.put("waiting", added.waiting().size());
        record("outcomes.added", endpoint, payload);
        return new Added(added, read.guesses());
    }

    /**
     * Erases everything about a key up to now. The record names its pseudonym, never the key: once
     * before anything goes, and once when it is gone.
     */
    public Traffic.Erased erase(String endpoint, String key) {
        ObjectNode asked = JsonNodeFactory.instance.objectNode();
        asked.put("key", traffic.pseudonym(key));
        record("traffic.erasure-began", endpoint, asked);
        Traffic.Erased erased = traffic.erase(endpoint, key);
        ObjectNode done = JsonNodeFactory.instance.objectNode();
        done.put("key", erased.pseudonym());
        done.put("predictions", erased.predictions());
        done.put("outcomes", erased.outcomes());
        done.put("open_segments", erased.open());
        record("traffic.erased", endpoint, done);
        return erased;
    }

    private void record(String kind, String endpoint, ObjectNode payload) {
        home.database()
                .write(
                        tx ->
                                home.ledger()
                                        .append(
                                                tx,
                                                home.workspace(),
                                                home.actor(),
                                                kind,
                                                "endpoint:" + endpoint,
                                                payload));
    }

    @Override
    public void close() {
        traffic.close();
    }
}

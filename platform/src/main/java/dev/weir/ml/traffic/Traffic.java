package dev.weir.ml.traffic;

import dev.weir.base.digest.Digest;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.log.DayLoss;
import dev.weir.ml.data.log.GrowingTable;
import dev.weir.ml.data.log.LateFacts;
import dev.weir.ml.model.Signature;
import dev.weir.pipeline.ProcessIdentity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;

/** The traffic of a workspace: what its endpoints predicted, and what then was true. */
public final class Traffic implements AutoCloseable {
    private static final String FOLDER = "traffic";

    private final Path secrets;
    private final Path folder;
    private final DuckDb duckDb;
    private final Clock clock;
    private final String process;

    /** One for each folder, as {@link GrowingTable} asks. */
    private final Map<Path, GrowingTable> tables = new ConcurrentHashMap<>();

    private final Map<String, Outcomes> outcomes = new ConcurrentHashMap<>();

    /**
     * @param home the folder of the home
     */
    public Traffic(Path home, String workspace, DuckDb duckDb, Clock clock) {
        this.secrets = home.resolve(FOLDER);
        this.folder = secrets.resolve(safe(workspace));
        this.duckDb = duckDb;
        this.clock = clock;
        this.process = Digest.ofText(ProcessIdentity.current().toString()).brief();
    }

    /**
     * Opens the log of an endpoint; to be closed. Of each endpoint a process opens one.
     *
     * @param policy what is kept; may be changed later
     * @param threads makes the log's own threads: one that writes, and one that makes Parquet files
     *     now and then
     */
    public PredictionLog log(String endpoint, LogPolicy policy, ThreadFactory threads) {
        return log(endpoint, policy, LogLimits.usual(), threads);
    }

    PredictionLog log(String endpoint, LogPolicy policy, LogLimits limits, ThreadFactory threads) {
        try {
            return new PredictionLog(
                    predictions(endpoint),
                    Pseudonyms.of(secrets),
                    new EndpointFile(folder(endpoint)),
                    policy,
                    keep -> upkeep(endpoint, keep),
                    limits,
                    clock,
                    threads);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The endpoints that have traffic, by name. */
    public List<String> endpoints() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(Files::isDirectory)
                    .map(each -> spelled(String.valueOf(each.getFileName())))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The windows of an endpoint's traffic. */
    public Windows windows(String endpoint) {
        return new Windows(endpoint, facts(endpoint), new EndpointFile(folder(endpoint)));
    }

    /** Where outcomes of an endpoint's predictions are taken; closed with this. */
    public Outcomes outcomes(String endpoint) {
        return outcomes.computeIfAbsent(
                endpoint,
                name ->
                        new Outcomes(
                                windows(name),
                                outcomeTable(name),
                                facts(name),
                                pseudonyms(),
                                clock));
    }

    /** Rows that should be in an endpoint's log and are not, by day. */
    public List<DayLoss> losses(String endpoint) {
        return predictions(endpoint).losses();
    }

    /**
     * Makes Parquet files of what is in segments that nobody writes any more, and forgets what is
     * older than it should be kept: a file goes when all its rows are. A log that is open does so
     * by itself.
     */
    public void upkeep(String endpoint, Duration keep) {
        predictions(endpoint).compact();
        predictions(endpoint).forget(clock.instant().minus(keep));
        outcomes(endpoint).upkeep(keep);
    }

    /**
     * What an erasure did.
     *
     * @param pseudonym of the key: what stands in the record in its place
     * @param predictions rows that are gone
     * @param outcomes outcomes that are gone
     * @param open segments that servers are writing now: rows of the key in them are seen by nobody
     *     any more, and are gone within the hour after which a segment is closed
     */
    public record Erased(String pseudonym, long predictions, long outcomes, int open) {}

    /**
     * Erases everything about a key up to this moment: its predictions, and the outcomes of these.
     *
     * @param key as the requests said it
     */
    public Erased erase(String endpoint, String key) {
        Signature signature = windows(endpoint).signature();
        String pseudonym = pseudonyms().of(key);
        List<String> ids = facts(endpoint).idsOf(pseudonym, Windows.columns(signature));
        List<String> keys = List.of(pseudonym);
        GrowingTable.Erased byKey = outcomeTable(endpoint).erase(LaneColumns.KEY, keys);
        GrowingTable.Erased byId = outcomeTable(endpoint).erase(LaneColumns.ID, ids);
        GrowingTable.Erased rows = predictions(endpoint).erase(LaneColumns.KEY, keys);
        return new Erased(
                pseudonym, rows.rows(), byKey.rows() + byId.rows(), rows.open() + byKey.open());
    }

    /** What stands in the place of a key, in rows and in records. */
    public String pseudonym(String key) {
        return pseudonyms().of(key);
    }

    @Override
    public void close() {
        outcomes.values().forEach(Outcomes::close);
    }

    private Pseudonyms pseudonyms() {
        try {
            return Pseudonyms.of(secrets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LateFacts facts(String endpoint) {
        return new LateFacts(predictions(endpoint), outcomeTable(endpoint));
    }

    private GrowingTable outcomeTable(String endpoint) {
        return table(folder(endpoint).resolve("outcomes"), LateFacts.ARRIVED.name());
    }

    GrowingTable predictions(String endpoint) {
        return table(folder(endpoint).resolve("predictions"), LaneColumns.TIME);
    }

    private GrowingTable table(Path at, String timeColumn) {
        return tables.computeIfAbsent(
                at, path -> new GrowingTable(path, timeColumn, process, duckDb, clock));
    }

    private Path folder(String endpoint) {
        return folder.resolve(safe(endpoint));
    }

    /** A name as a folder's: what is not a letter, digit, dash or inner dot is a percent code. */
    static String safe(String name) {
        StringBuilder safe = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_')
                            || c == '.' && !safe.isEmpty();
            if (plain) {
                safe.append(c);
            } else {
                safe.append("%%%02X".formatted((int) c));
            }
        }
        return safe.toString();
    }

    /** What {@link #safe} was given. */
    static String spelled(String safe) {
        byte[] bytes = new byte[safe.length()];
        int length = 0;
        for (int i = 0; i < safe.length(); i++) {
            if (safe.charAt(i) == '%') {
                bytes[length++] = (byte) Integer.parseInt(safe.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                bytes[length++] = (byte) safe.charAt(i);
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}

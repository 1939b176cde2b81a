package dev.weir.ml.tracking;

import dev.weir.store.meta.Intake;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Logs metrics by way of the {@link Intake} of a database: durable when logged, in the tables
 * before anybody reads them. What several calls logged of one key, one after another, gets into the
 * tables as one packed row.
 */
public final class MetricIntake {
    private static final int MOST_KNOWN = 1_000;

    private final String workspace;
    private final Tracking tracking;
    private final Intake intake;

    /** Runs that could be written to when the tables were last changed. */
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** The experiment of a run, as of the tables of this stamp. */
    private record Known(String experimentId, long stamp) {}

    public MetricIntake(String workspace, Tracking tracking, Intake intake) {
        this.workspace = workspace;
        this.tracking = tracking;
        this.intake = intake;
    }

    /**
     * Logs a batch, if it has metrics only and the intake takes it.
     *
     * @return whether it is logged, and durable; if not, {@link Tracking#log} is to
     * @throws dev.weir.base.problem.ProblemException as {@link Tracking#log}
     */
    public boolean logged(String runId, KeyedBatch batch) {
        if (batch.metrics().isEmpty() || !batch.params().isEmpty() || !batch.tags().isEmpty()) {
            return false;
        }
        batch.metrics().keySet().forEach(key -> Limits.key("metric", key));
        return intake.append(entry(workspace, experimentOf(runId), runId, batch.metrics()));
    }

    private String experimentOf(String runId) {
        long stamp = intake.stamp();
        Known run = known.get(runId);
        if (run != null && run.stamp() == stamp) {
            return run.experimentId();
        }
        String experimentId =
                intake.withoutWaiting(tx -> tracking.writable(tx, runId).experimentId());
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        known.put(runId, new Known(experimentId, stamp));
        return experimentId;
    }

    /**
     * Workspace, experiment, run, then each key with its points ({@link Points#writeTo}); a text is
     * its length in two bytes and its UTF-8.
     */
    private static byte[] entry(
            String workspace, String experimentId, String runId, Map<String, Points> metrics) {
        byte[] of = bytes(workspace);
        byte[] in = bytes(experimentId);
        byte[] run = bytes(runId);
        int size = 6 + of.length + in.length + run.length;
        byte[][] keys = new byte[metrics.size()][];
        int count = 0;
        for (Map.Entry<String, Points> metric : metrics.entrySet()) {
            keys[count] = bytes(metric.getKey());
            size += 2 + keys[count].length + metric.getValue().written();
            count++;
        }
        ByteBuffer entry = ByteBuffer.allocate(size);
        put(entry, of);
        put(entry, in);
        put(entry, run);
        count = 0;
        for (Points points : metrics.values()) {
            put(entry, keys[count++]);
            points.writeTo(entry);
        }
        return entry.array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ByteBuffer entry, byte[] text) {
        entry.putShort((short) text.length).put(text);
    }

    private static String text(ByteBuffer entry) {
        byte[] text = new byte[Short.toUnsignedInt(entry.getShort())];
        entry.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** A run that entries are for. */
    private record RunKey(String workspace, String experimentId, String id) {}

    /** Writes entries into the tables; those of a run that is not there any more are left out. */
    public static void carry(Transaction tx, List<byte[]> entries) {
        Map<RunKey, Map<String, Points>> gathered = new LinkedHashMap<>();
        for (byte[] bytes : entries) {
            ByteBuffer entry = ByteBuffer.wrap(bytes);
            RunKey run = new RunKey(text(entry), text(entry), text(entry));
            Map<String, Points> metrics = gathered.computeIfAbsent(run, r -> new LinkedHashMap<>());
            while (entry.hasRemaining()) {
                String key = text(entry);
                Points points = Points.readFrom(entry);
                @Nullable Points before = metrics.putIfAbsent(key, points);
                if (before != null && !before.addedAfter(points)) {
                    append(tx, run, Map.of(key, before));
                    metrics.put(key, points);
                }
            }
        }
        gathered.forEach((run, metrics) -> append(tx, run, metrics));
    }

    private static void append(Transaction tx, RunKey run, Map<String, Points> metrics) {
        if (new RunDao(tx, run.workspace()).ofId(run.id()).isPresent()) {
            new MetricDao(tx).append(run.workspace(), run.experimentId(), run.id(), metrics);
        }
    }
}

package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.pipeline.AttemptReport;
import dev.weir.pipeline.CachedResult;
import dev.weir.pipeline.Engine;
import dev.weir.pipeline.RunRecord;
import dev.weir.store.blob.Artifact;
import dev.weir.store.blob.GarbageCollector;
import dev.weir.store.blob.StoreVerifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks after the store of a home: finds what is damaged, and removes what nothing needs. */
public final class Storekeeper {
    /** From a {@code put} to the commit that refers to it, outside of a run. */
    private static final Duration GRACE = Duration.ofHours(1);

    private final Home home;
    private final Engine engine;
    private final Needed needed;

    public Storekeeper(Home home) {
        this.home = home;
        this.engine = home.engine(new TrackedRuns(home.tracking(), home.ledger()));
        this.needed = new Needed(home);
    }

    /**
     * A blob that is not as it should be.
     *
     * @param corrupt whether it is there with other bytes; else it is missing
     * @param neededBy who needs it, for people; empty where nobody does
     * @param madeAgain whether the result of a step needs it, so that a run makes it again
     * @param setAside where its bytes were put, if they were
     */
    public record Fault(
            Digest digest,
            boolean corrupt,
            List<String> neededBy,
            boolean madeAgain,
            Optional<Path> setAside) {
        public Fault {
            neededBy = List.copyOf(neededBy);
        }
    }

    /**
     * What was found.
     *
     * @param blobs how many there are
     * @param sizeBytes how large the sound ones are together
     * @param leftovers of interrupted uploads; harmless
     */
    public record Inspection(
            long blobs, long sizeBytes, List<Fault> faults, List<String> leftovers) {
        public Inspection {
            faults = List.copyOf(faults);
            leftovers = List.copyOf(leftovers);
        }

        /** Whether all that is needed is there, and nothing is corrupt. */
        public boolean sound() {
            return faults.isEmpty();
        }

        /** Whether something that is needed is not there. */
        public boolean lacks() {
            return faults.stream().anyMatch(fault -> !fault.neededBy().isEmpty());
        }
    }

    /** Reads the whole store. */
    public Inspection verify() {
        List<Needed.Need> needs = new ArrayList<>(needed.byVersions());
        needs.addAll(Needed.byResults(engine.results()));
        StoreVerifier.Report report =
                new StoreVerifier(home.blobs())
                        .verify(needs.stream().map(Needed.Need::artifact).distinct());
        List<Fault> faults = new ArrayList<>();
        report.corrupt().forEach(digest -> faults.add(fault(digest, true, needs, report)));
        report.missing()
                .forEach(missing -> faults.add(fault(missing.digest(), false, needs, report)));
        return new Inspection(report.blobs(), report.sizeBytes(), faults, report.leftovers());
    }

    private static Fault fault(
            Digest digest, boolean corrupt, List<Needed.Need> needs, StoreVerifier.Report report) {
        List<Needed.Need> concerned =
                needs.stream()
                        .filter(
                                need ->
                                        report.broken()
                                                .getOrDefault(need.artifact(), Set.of())
                                                .contains(digest))
                        .toList();
        return new Fault(
                digest,
                corrupt,
                concerned.stream().map(Needed.Need::by).distinct().toList(),
                concerned.stream().anyMatch(Needed.Need::cached),
                Optional.empty());
    }

    /**
     * Takes corrupt blobs out of the store, so that what needs them is made again. Their bytes are
     * kept beside the store, in {@code damaged/}.
     *
     * @return what was found, with where each corrupt blob went
     */
    public Inspection repair() {
        Inspection found = verify();
        List<Fault> faults =
                found.faults().stream()
                        .map(fault -> fault.corrupt() ? setAside(fault) : fault)
                        .toList();
        return new Inspection(found.blobs(), found.sizeBytes(), faults, found.leftovers());
    }

    private Fault setAside(Fault fault) {
        Optional<Path> kept = home.blobs().localPath(fault.digest()).map(this::copied);
        home.blobs().delete(fault.digest());
        return new Fault(fault.digest(), true, fault.neededBy(), fault.madeAgain(), kept);
    }

    private Path copied(Path blob) {
        try {
            Path folder = Files.createDirectories(home.root().resolve("damaged"));
            Path parent = blob.getParent();
            String start = parent == null ? "" : String.valueOf(parent.getFileName());
            return Files.copy(
                    blob,
                    folder.resolve(start + blob.getFileName()),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What was, or would be, removed.
     *
     * @param blobs how many blobs
     * @param sizeBytes how large they are together
     * @param kept how many blobs stay
     * @param results how many results of steps were forgotten
     * @param logs how many logs of attempts were deleted
     * @param since results that no run has met since then are not kept
     */
    public record Collection(
            int blobs, long sizeBytes, long kept, int results, int logs, Instant since) {}

    /**
     * Removes what neither a model version, nor a dataset version, nor a run since then needs. Safe
     * beside runs: what one that goes on has met or made stays.
     *
     * @param keep how long results and logs are kept though nothing else needs them
     * @param dryRun whether nothing is removed
     * @throws dev.weir.base.problem.ProblemException where what is needed cannot be told, since a
     *     needed folder is broken; nothing is removed then
     */
    public Collection collect(Duration keep, boolean dryRun) {
        engine.sweep();
        Instant now = home.clock().instant();
        Instant oldestRun =
                engine.running().stream()
                        .map(RunRecord::started)
                        .min(Instant::compareTo)
                        .orElse(now);
        Instant since = earlier(now.minus(keep), oldestRun);
        Duration grace = Duration.between(earlier(now.minus(GRACE), oldestRun), now);
        List<CachedResult> before = engine.results();
        List<CachedResult> stay = engine.resultsMetSince(since);
        GarbageCollector collector = new GarbageCollector(home.blobs(), home.clock());
        // Also on the way to the real one: it fails before anything is forgotten.
        GarbageCollector.Report rehearsed = collector.dryRun(() -> roots(since), grace);
        if (dryRun) {
            return collection(rehearsed, before.size() - stay.size(), logs(since).size(), since);
        }
        int forgotten = engine.forgetResultsNotMetSince(since);
        GarbageCollector.Report report = collector.collect(() -> roots(since), grace);
        return collection(report, forgotten, deleteLogs(since), since);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Collection collection(
            GarbageCollector.Report report, int results, int logs, Instant since) {
        return new Collection(
                report.removed().size(), report.sizeBytes(), report.kept(), results, logs, since);
    }

    /** A result that is not whole is no hit: its step runs again, and nothing of it is needed. */
    private Stream<Artifact> roots(Instant since) {
        List<CachedResult> hits =
                engine.resultsMetSince(since).stream()
                        .filter(
                                cached ->
                                        cached.result().outputs().values().stream()
                                                .allMatch(home.trees()::holds))
                        .toList();
        return Stream.concat(needed.byVersions().stream(), Needed.byResults(hits).stream())
                .map(Needed.Need::artifact);
    }

    private List<Path> logs(Instant before) {
        return engine.attemptsEndedBefore(before).stream()
                .map(AttemptReport::log)
                .filter(Files::exists)
                .toList();
    }

    private int deleteLogs(Instant before) {
        Map<Path, Boolean> deleted = new LinkedHashMap<>();
        try {
            for (Path log : logs(before)) {
                deleted.put(log, Files.deleteIfExists(log));
                Path folder = log.getParent();
                if (folder != null && isEmpty(folder)) {
                    Files.delete(folder);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (int) deleted.values().stream().filter(gone -> gone).count();
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}

package dev.weir.ml.data.log;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.log.Manifest.DataFile;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Moves rows of a growing table from file to file. Whoever asks for it is alone among all
 * processes; to replace the manifest is the one step that counts, wherever it is stopped.
 */
final class Rearrangement {
    private static final Duration STALE = Duration.ofHours(1);
    private static final Duration TOMBSTONES = Duration.ofDays(30);
    private static final int MOST_FILES_A_DAY = 24;

    private final TableFolder folder;
    private final String timeColumn;
    private final DuckDb duckDb;
    private final Clock clock;

    Rearrangement(TableFolder folder, String timeColumn, DuckDb duckDb, Clock clock) {
        this.folder = folder;
        this.timeColumn = timeColumn;
        this.duckDb = duckDb;
        this.clock = clock;
    }

    /** See {@link GrowingTable#compact}. */
    int compact() throws IOException {
        adopt();
        int segments = 0;
        for (Path log : folder.segments(".log")) {
            segments += absorb(log) ? 1 : 0;
        }
        if (segments > 0) {
            joinDays();
        }
        clear();
        return segments;
    }

    /** Closes segments whose writers have died. */
    private void adopt() throws IOException {
        for (Path open : folder.segments(".open")) {
            if (folder.own(open)) {
                continue; // one of this process's own: it is being written
            }
            Path lockFile = SegmentWriter.lockOf(open);
            try (FileChannel channel =
                            FileChannel.open(
                                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock taken = channel.tryLock()) {
                if (taken != null && Files.exists(open)) {
                    Files.move(open, SegmentWriter.closedOf(open), StandardCopyOption.ATOMIC_MOVE);
                    Files.deleteIfExists(lockFile);
                }
            }
        }
    }

    private boolean absorb(Path log) throws IOException {
        String name = TableFolder.name(log);
        Manifest manifest = folder.manifest();
        if (manifest.absorbed().contains(name)) {
            Files.delete(log); // a call was interrupted here
            return false;
        }
        String file =
                "day="
                        + TableFolder.day(Long.parseLong(name.substring(0, 12), 16) * 1000)
                        + "/"
                        + name;
        Path out = folder.rows().resolve(file + ".parquet");
        Files.createDirectories(TableFolder.parent(out));
        Conversion.Converted converted =
                new Conversion(duckDb, timeColumn).write(log, manifest.tombstones(), out);
        List<DataFile> files = new ArrayList<>(manifest.files());
        if (converted.rows() > 0) {
            TableFolder.force(out);
            files.add(
                    new DataFile(
                            file + ".parquet", converted.rows(), converted.from(), converted.to()));
        }
        Set<String> absorbed = new TreeSet<>(manifest.absorbed());
        absorbed.add(name);
        new Manifest(
                        files,
                        absorbed,
                        plus(manifest.losses(), converted.lost()),
                        manifest.tombstones())
                .write(folder.manifestFile());
        Files.delete(log);
        return true;
    }

    static List<DayLoss> plus(List<DayLoss> before, List<Conversion.Lost> lost) {
        Map<String, Map<Loss, Long>> byDay = new TreeMap<>();
        before.forEach(
                each ->
                        byDay.computeIfAbsent(each.day(), day -> new TreeMap<>())
                                .merge(each.loss(), each.rows(), Long::sum));
        lost.forEach(
                each ->
                        byDay.computeIfAbsent(
                                        TableFolder.day(each.micros()), day -> new TreeMap<>())
                                .merge(each.loss(), each.rows(), Long::sum));
        List<DayLoss> all = new ArrayList<>();
        byDay.forEach(
                (day, byLoss) ->
                        byLoss.forEach((loss, rows) -> all.add(new DayLoss(day, loss, rows))));
        return all;
    }

    /** Makes one file of all of a day, in the order of time, once the day is over. */
    private void joinDays() throws IOException {
        String today = "day=" + TableFolder.day(TableFolder.micros(clock.instant()));
        Map<String, List<DataFile>> byDay =
                folder.manifest().files().stream()
                        .collect(
                                Collectors.groupingBy(
                                        DataFile::day, TreeMap::new, Collectors.toList()));
        for (Map.Entry<String, List<DataFile>> day : byDay.entrySet()) {
            int files = day.getValue().size();
            if (files > MOST_FILES_A_DAY || (files > 1 && day.getKey().compareTo(today) < 0)) {
                replace(day.getValue(), "", day.getKey() + "/" + folder.fresh());
            }
        }
    }

    /**
     * Puts one file with the rows of several in their place.
     *
     * @param where which rows, in SQL; empty for all
     * @param name without its ending
     */
    void replace(List<DataFile> old, String where, String name) throws IOException {
        String written = name + ".parquet";
        Path out = folder.rows().resolve(written);
        String from =
                TableFolder.relation(
                                old.stream()
                                        .map(file -> folder.rows().resolve(file.name()))
                                        .toList())
                        + where;
        String time = DuckDb.name(timeColumn);
        List<DataFile> fresh = new ArrayList<>();
        try (DuckDb.Session session = duckDb.single().open()) {
            session.run(ParquetFiles.copy("select * from " + from + " order by " + time, out));
            session.each(
                    "select count(*), min(epoch_us("
                            + time
                            + ")), max(epoch_us("
                            + time
                            + ")) from "
                            + DuckDb.parquet(out, false),
                    row -> {
                        if (row.getLong(1) > 0) {
                            fresh.add(
                                    new DataFile(
                                            written,
                                            row.getLong(1),
                                            row.getLong(2),
                                            row.getLong(3)));
                        }
                    });
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
        TableFolder.force(out);
        Manifest manifest = folder.manifest();
        List<DataFile> files = new ArrayList<>(manifest.files());
        files.removeAll(old);
        files.addAll(fresh);
        new Manifest(files, manifest.absorbed(), manifest.losses(), manifest.tombstones())
                .write(folder.manifestFile());
        if (fresh.isEmpty()) {
            Files.delete(out);
        }
        for (DataFile file : old) {
            Files.deleteIfExists(folder.rows().resolve(file.name()));
        }
    }

    /** Removes files that no manifest names, and names of segments that are gone. */
    private void clear() throws IOException {
        Manifest manifest = folder.manifest();
        Set<String> named = new HashSet<>();
        manifest.files().forEach(file -> named.add(file.name()));
        Instant stale = clock.instant().minus(STALE);
        if (Files.isDirectory(folder.rows())) {
            try (Stream<Path> files = Files.walk(folder.rows())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = folder.rows().relativize(file).toString();
                    if (!named.contains(name)) {
                        Files.deleteIfExists(file); // only who is alone writes here
                    }
                }
            }
        }
        Set<String> there = new HashSet<>();
        folder.segments(".log").forEach(log -> there.add(TableFolder.name(log)));
        for (Path lockFile : folder.segments(".lock")) {
            if (written(lockFile).isBefore(stale)
                    && !Files.exists(
                            lockFile.resolveSibling(TableFolder.name(lockFile) + ".open"))) {
                Files.deleteIfExists(lockFile);
            }
        }
        Set<String> absorbed = new TreeSet<>(manifest.absorbed());
        absorbed.retainAll(there);
        long oldest = TableFolder.micros(clock.instant().minus(TOMBSTONES));
        List<Tombstone> tombstones =
                manifest.tombstones().stream().filter(t -> t.before() >= oldest).toList();
        if (!absorbed.equals(manifest.absorbed()) || !tombstones.equals(manifest.tombstones())) {
            new Manifest(manifest.files(), absorbed, manifest.losses(), tombstones)
                    .write(folder.manifestFile());
        }
    }

    /** When a file was written; just now, where it has gone meanwhile. */
    private Instant written(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (NoSuchFileException e) {
            return clock.instant();
        }
    }

    /** How many rows of a file a tombstone is about. */
    long count(DataFile file, Tombstone tombstone) {
        Path parquet = folder.rows().resolve(file.name());
        try (DuckDb.Session session = duckDb.open()) {
            List<String> columns = new ArrayList<>();
            session.each(
                    "describe select * from " + DuckDb.parquet(parquet, false),
                    row -> columns.add(row.getString(1).toLowerCase(Locale.ROOT)));
            return columns.contains(tombstone.column())
                    ? session.count(
                            "select count(*) from "
                                    + DuckDb.parquet(parquet, false)
                                    + " where "
                                    + tombstone.among())
                    : 0;
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }
}

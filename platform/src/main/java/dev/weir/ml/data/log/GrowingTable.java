package dev.weir.ml.data.log;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.log.Manifest.DataFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A table to which several processes append rows. One of these for each folder and process: two of
 * one process would not keep others out while they rearrange files.
 */
public final class GrowingTable {
    private final TableFolder folder;
    private final String timeColumn;
    private final DuckDb duckDb;
    private final Clock clock;
    private final Rearrangement rearrangement;

    /** Guards the arrangement of files, among the threads of this process. */
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * @param folder made where it is missing
     * @param timeColumn the column by which rows are found; of {@link LogColumn.Kind#TIME}
     * @param process what names this process among all that have the folder: digits and letters
     * @param duckDb its scratch is on the disk of this machine
     */
    public GrowingTable(
            Path folder, String timeColumn, String process, DuckDb duckDb, Clock clock) {
        this.folder = new TableFolder(folder, process, clock);
        this.timeColumn = timeColumn;
        this.duckDb = duckDb;
        this.clock = clock;
        this.rearrangement = new Rearrangement(this.folder, timeColumn, duckDb, clock);
    }

    DuckDb duckDb() {
        return duckDb;
    }

    String timeColumn() {
        return timeColumn;
    }

    /** Begins a segment: rows that are appended to it are rows of the table at once. */
    public SegmentWriter begin() throws IOException {
        Path open = folder.path().resolve("open");
        Files.createDirectories(open);
        return SegmentWriter.begin(open.resolve(folder.fresh() + ".open"));
    }

    /**
     * Makes Parquet of every segment that is closed, or whose writer has died; joins the files of
     * days that are over; clears away what an interrupted call has left. Rows stand in the table
     * once, whenever this is stopped.
     *
     * @return how many segments it were
     */
    public int compact() {
        return alone(rearrangement::compact);
    }

    /**
     * Removes the files of which every row is older.
     *
     * @return how many rows that were
     */
    public long forget(Instant before) {
        return alone(
                () -> {
                    Manifest manifest = folder.manifest();
                    List<DataFile> old =
                            manifest.files().stream()
                                    .filter(file -> file.to() < TableFolder.micros(before))
                                    .toList();
                    if (old.isEmpty()) {
                        return 0L;
                    }
                    List<DataFile> files = new ArrayList<>(manifest.files());
                    files.removeAll(old);
                    new Manifest(
                                    files,
                                    manifest.absorbed(),
                                    manifest.losses(),
                                    manifest.tombstones())
                            .write(folder.manifestFile());
                    for (DataFile file : old) {
                        Files.deleteIfExists(folder.rows().resolve(file.name()));
                    }
                    return old.stream().mapToLong(DataFile::rows).sum();
                });
    }

    /**
     * What an erasure did.
     *
     * @param rows that are gone from Parquet files
     * @param files that were written anew
     * @param open segments that are being written now: rows in them are seen by nobody any more,
     *     and are gone when the segment is closed
     */
    public record Erased(long rows, int files, int open) {}

    /**
     * Erases all rows that have one of these values, up to this moment. Files with such a row are
     * written anew.
     *
     * @param column of {@link LogColumn.Kind#TEXT}
     */
    public Erased erase(String column, List<String> values) {
        if (values.isEmpty()) {
            return new Erased(0, 0, 0);
        }
        return alone(
                () -> {
                    rearrangement.compact();
                    Tombstone tombstone =
                            new Tombstone(
                                    column.toLowerCase(Locale.ROOT),
                                    values,
                                    TableFolder.micros(clock.instant()));
                    Manifest manifest = folder.manifest();
                    List<Tombstone> tombstones = new ArrayList<>(manifest.tombstones());
                    tombstones.add(tombstone);
                    new Manifest(
                                    manifest.files(),
                                    manifest.absorbed(),
                                    manifest.losses(),
                                    tombstones)
                            .write(folder.manifestFile());
                    long rows = 0;
                    int files = 0;
                    for (DataFile file : manifest.files()) {
                        long hit = rearrangement.count(file, tombstone);
                        if (hit > 0) {
                            String where = " where coalesce(not (" + tombstone.among() + "), true)";
                            rearrangement.replace(
                                    List.of(file), where, file.day() + "/" + folder.fresh());
                            rows += hit;
                            files++;
                        }
                    }
                    return new Erased(rows, files, folder.segments(".open").size());
                });
    }

    /** Rows that should be here and are not. */
    public List<DayLoss> losses() {
        List<Conversion.Lost> lost = new ArrayList<>();
        try {
            List<Path> segments = new ArrayList<>(folder.segments(".log"));
            segments.addAll(folder.segments(".open"));
            Manifest manifest = folder.manifest();
            for (Path segment : segments) {
                if (!manifest.absorbed().contains(TableFolder.name(segment))) {
                    lost.addAll(Conversion.losses(TableFolder.there(segment)));
                }
            }
            return Rearrangement.plus(manifest.losses(), lost);
        } catch (NoSuchFileException e) {
            return losses(); // it has become Parquet meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The files that hold every row of a span now; those that are still in segments are copied.
     *
     * @param from in microseconds since the epoch
     * @param to the moment after the span
     * @param copies a folder for copies
     */
    List<Path> files(long from, long to, Path copies) throws IOException {
        List<Path> segments = new ArrayList<>(folder.segments(".log"));
        segments.addAll(
                folder.segments(".open")); // listed before the manifest is read: none is missed
        Manifest manifest = folder.manifest();
        List<Path> files = new ArrayList<>();
        for (DataFile file : manifest.files()) {
            if (file.to() >= from && file.from() < to) {
                files.add(folder.rows().resolve(file.name()));
            }
        }
        for (Path segment : segments) {
            if (manifest.absorbed().contains(TableFolder.name(segment))) {
                continue;
            }
            Path copy = copies.resolve(TableFolder.name(segment) + ".parquet");
            Conversion.Converted converted =
                    new Conversion(duckDb, timeColumn)
                            .write(TableFolder.there(segment), manifest.tombstones(), copy);
            if (converted.rows() > 0 && converted.to() >= from && converted.from() < to) {
                files.add(copy);
            }
        }
        return files;
    }

    private interface Work<T> {
        T work() throws IOException;
    }

    /** Carries out work that no other process does at the same time. */
    private <T> T alone(Work<T> work) {
        lock.lock();
        try {
            Files.createDirectories(folder.path());
            try (FileChannel channel =
                            FileChannel.open(
                                    folder.path().resolve("lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock taken = channel.lock()) {
                return taken.isValid() ? work.work() : refuse();
            }
        } catch (IOException e) {
            throw Problem.step("table.files", folder.path() + ": " + e).exception(e);
        } finally {
            lock.unlock();
        }
    }

    private static <T> T refuse() {
        throw new IllegalStateException("a lock that was just taken is not valid");
    }
}

package dev.weir.ml.data.log;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.log.Manifest.DataFile;
import dev.weir.store.meta.Times;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table to which several processes append rows. One of these for each folder and process: two of
 * one process would not keep others out while they rearrange files.
 */
public final class GrowingTable {
    private static final Duration STALE = Duration.ofHours(1);
    private static final Duration TOMBSTONES = Duration.ofDays(30);
    private static final int MOST_FILES_A_DAY = 24;

    private final Path folder;
    private final String timeColumn;
    private final String process;
    private final DuckDb duckDb;
    private final Clock clock;
    private final SecureRandom chance = new SecureRandom();

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
        this.folder = folder;
        this.timeColumn = timeColumn;
        this.process = process;
        this.duckDb = duckDb;
        this.clock = clock;
    }

    DuckDb duckDb() {
        return duckDb;
    }

    String timeColumn() {
        return timeColumn;
    }

    /** Begins a segment: rows that are appended to it are rows of the table at once. */
    public SegmentWriter begin() throws IOException {
        Path open = folder.resolve("open");
        Files.createDirectories(open);
        return SegmentWriter.begin(open.resolve(fresh() + ".open"));
    }

    /** A name that no file of this table ever had: clocks stand still and jump back. */
    private String fresh() {
        return "%012x-%s-%016x".formatted(clock.millis(), process, chance.nextLong());
    }

    /**
     * Makes Parquet of every segment that is closed, or whose writer has died; joins the files of
     * days that are over; clears away what an interrupted call has left. Rows stand in the table
     * once, whenever this is stopped.
     *
     * @return how many segments it were
     */
    public int compact() {
        return alone(this::compactAlone);
    }

    private int compactAlone() throws IOException {
        adopt();
        int segments = 0;
        for (Path log : segments(".log")) {
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
        for (Path open : segments(".open")) {
            String name = name(open);
            if (name.contains("-" + process + "-")) {
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
        String name = name(log);
        Manifest manifest = manifest();
        if (manifest.absorbed().contains(name)) {
            Files.delete(log); // a call was interrupted here
            return false;
        }
        String file = "day=" + day(Long.parseLong(name.substring(0, 12), 16) * 1000) + "/" + name;
        Path out = rows().resolve(file + ".parquet");
        Files.createDirectories(parent(out));
        Conversion.Converted converted =
                new Conversion(duckDb, timeColumn).write(log, manifest.tombstones(), out);
        List<DataFile> files = new ArrayList<>(manifest.files());
        if (converted.rows() > 0) {
            force(out);
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
                .write(manifestFile());
        Files.delete(log);
        return true;
    }

    private static List<DayLoss> plus(List<DayLoss> before, List<Conversion.Lost> lost) {
        Map<String, Map<Loss, Long>> byDay = new TreeMap<>();
        before.forEach(
                each ->
                        byDay.computeIfAbsent(each.day(), day -> new TreeMap<>())
                                .merge(each.loss(), each.rows(), Long::sum));
        lost.forEach(
                each ->
                        byDay.computeIfAbsent(day(each.micros()), day -> new TreeMap<>())
                                .merge(each.loss(), each.rows(), Long::sum));
        List<DayLoss> all = new ArrayList<>();
        byDay.forEach(
                (day, byLoss) ->
                        byLoss.forEach((loss, rows) -> all.add(new DayLoss(day, loss, rows))));
        return all;
    }

    /** Makes one file of all of a day, in the order of time, once the day is over. */
    private void joinDays() throws IOException {
        String today = "day=" + day(micros(clock.instant()));
        Map<String, List<DataFile>> byDay =
                manifest().files().stream()
                        .collect(
                                Collectors.groupingBy(
                                        DataFile::day, TreeMap::new, Collectors.toList()));
        for (Map.Entry<String, List<DataFile>> day : byDay.entrySet()) {
            int files = day.getValue().size();
            if (files > MOST_FILES_A_DAY || (files > 1 && day.getKey().compareTo(today) < 0)) {
                replace(day.getValue(), "", day.getKey() + "/" + fresh());
            }
        }
    }

    /**
     * Puts one file with the rows of several in their place.
     *
     * @param where which rows, in SQL; empty for all
     * @param name without its ending
     */
    private void replace(List<DataFile> old, String where, String name) throws IOException {
        String written = name + ".parquet";
        Path out = rows().resolve(written);
        String from =
                relation(old.stream().map(file -> rows().resolve(file.name())).toList()) + where;
        String time = DuckDb.name(timeColumn);
        List<DataFile> fresh = new ArrayList<>();
        try (DuckDb.Session session = duckDb.single().open()) {
            session.run(copy("select * from " + from + " order by " + time, out));
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
        force(out);
        Manifest manifest = manifest();
        List<DataFile> files = new ArrayList<>(manifest.files());
        files.removeAll(old);
        files.addAll(fresh);
        new Manifest(files, manifest.absorbed(), manifest.losses(), manifest.tombstones())
                .write(manifestFile());
        if (fresh.isEmpty()) {
            Files.delete(out);
        }
        for (DataFile file : old) {
            Files.deleteIfExists(rows().resolve(file.name()));
        }
    }

    /** Removes files that no manifest names, and names of segments that are gone. */
    private void clear() throws IOException {
        Manifest manifest = manifest();
        Set<String> named = new HashSet<>();
        manifest.files().forEach(file -> named.add(file.name()));
        Instant stale = clock.instant().minus(STALE);
        if (Files.isDirectory(rows())) {
            try (Stream<Path> files = Files.walk(rows())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = rows().relativize(file).toString();
                    if (!named.contains(name)) {
                        Files.deleteIfExists(file); // only who is alone writes here
                    }
                }
            }
        }
        Set<String> there = new HashSet<>();
        segments(".log").forEach(log -> there.add(name(log)));
        for (Path lockFile : segments(".lock")) {
            if (written(lockFile).isBefore(stale)
                    && !Files.exists(lockFile.resolveSibling(name(lockFile) + ".open"))) {
                Files.deleteIfExists(lockFile);
            }
        }
        Set<String> absorbed = new TreeSet<>(manifest.absorbed());
        absorbed.retainAll(there);
        long oldest = micros(clock.instant().minus(TOMBSTONES));
        List<Tombstone> tombstones =
                manifest.tombstones().stream().filter(t -> t.before() >= oldest).toList();
        if (!absorbed.equals(manifest.absorbed()) || !tombstones.equals(manifest.tombstones())) {
            new Manifest(manifest.files(), absorbed, manifest.losses(), tombstones)
                    .write(manifestFile());
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

    /**
     * Removes the files of which every row is older.
     *
     * @return how many rows that were
     */
    public long forget(Instant before) {
        return alone(
                () -> {
                    Manifest manifest = manifest();
                    List<DataFile> old =
                            manifest.files().stream()
                                    .filter(file -> file.to() < micros(before))
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
                            .write(manifestFile());
                    for (DataFile file : old) {
                        Files.deleteIfExists(rows().resolve(file.name()));
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
                    compactAlone();
                    Tombstone tombstone =
                            new Tombstone(
                                    column.toLowerCase(Locale.ROOT),
                                    values,
                                    micros(clock.instant()));
                    Manifest manifest = manifest();
                    List<Tombstone> tombstones = new ArrayList<>(manifest.tombstones());
                    tombstones.add(tombstone);
                    new Manifest(
                                    manifest.files(),
                                    manifest.absorbed(),
                                    manifest.losses(),
                                    tombstones)
                            .write(manifestFile());
                    long rows = 0;
                    int files = 0;
                    for (DataFile file : manifest.files()) {
                        long hit = count(file, tombstone);
                        if (hit > 0) {
                            String where = " where coalesce(not (" + tombstone.among() + "), true)";
                            replace(List.of(file), where, file.day() + "/" + fresh());
                            rows += hit;
                            files++;
                        }
                    }
                    return new Erased(rows, files, segments(".open").size());
                });
    }

    private long count(DataFile file, Tombstone tombstone) {
        Path parquet = rows().resolve(file.name());
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

    /** Rows that should be here and are not. */
    public List<DayLoss> losses() {
        List<Conversion.Lost> lost = new ArrayList<>();
        try {
            List<Path> segments = new ArrayList<>(segments(".log"));
            segments.addAll(segments(".open"));
            Manifest manifest = manifest();
            for (Path segment : segments) {
                if (!manifest.absorbed().contains(name(segment))) {
                    lost.addAll(Conversion.losses(there(segment)));
                }
            }
            return plus(manifest.losses(), lost);
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
        List<Path> segments = new ArrayList<>(segments(".log"));
        segments.addAll(segments(".open")); // listed before the manifest is read: none is missed
        Manifest manifest = manifest();
        List<Path> files = new ArrayList<>();
        for (DataFile file : manifest.files()) {
            if (file.to() >= from && file.from() < to) {
                files.add(rows().resolve(file.name()));
            }
        }
        for (Path segment : segments) {
            if (manifest.absorbed().contains(name(segment))) {
                continue;
            }
            Path copy = copies.resolve(name(segment) + ".parquet");
            Conversion.Converted converted =
                    new Conversion(duckDb, timeColumn)
                            .write(there(segment), manifest.tombstones(), copy);
            if (converted.rows() > 0 && converted.to() >= from && converted.from() < to) {
                files.add(copy);
            }
        }
        return files;
    }

    /** A segment that was open when it was listed may be closed now. */
    private static Path there(Path segment) throws NoSuchFileException {
        if (Files.exists(segment)) {
            return segment;
        }
        Path closed = SegmentWriter.closedOf(segment);
        if (Files.exists(closed)) {
            return closed;
        }
        throw new NoSuchFileException(segment.toString());
    }

    /** The rows of files, as SQL. */
    static String relation(List<Path> files) {
        return files.stream()
                .map(file -> DuckDb.text(file.toAbsolutePath().toString().replace("[", "[[]")))
                .collect(Collectors.joining(", ", "read_parquet([", "], union_by_name = true)"));
    }

    /** The statement that writes what a query gives. */
    static String copy(String query, Path to) {
        return "copy ("
                + query
                + ") to "
                + DuckDb.text(to.toAbsolutePath().toString())
                + " (format parquet, compression snappy, row_group_size 122880)";
    }

    /** The files of segments, the oldest first. */
    private List<Path> segments(String ending) throws IOException {
        Path open = folder.resolve("open");
        if (!Files.isDirectory(open)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(open)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    private static String name(Path segment) {
        String name = String.valueOf(segment.getFileName());
        return name.substring(0, name.lastIndexOf('.'));
    }

    private Path rows() {
        return folder.resolve("rows");
    }

    private Path manifestFile() {
        return folder.resolve("manifest.json");
    }

    private Manifest manifest() throws IOException {
        return Manifest.read(manifestFile());
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Manifest.force(parent(file));
    }

    private static String day(long micros) {
        return LocalDate.ofInstant(
                        Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L)), ZoneOffset.UTC)
                .toString();
    }

    private static long micros(Instant time) {
        return Times.micros(time);
    }

    private interface Work<T> {
        T work() throws IOException;
    }

    /** Carries out work that no other process does at the same time. */
    private <T> T alone(Work<T> work) {
        lock.lock();
        try {
            Files.createDirectories(folder);
            try (FileChannel channel =
                            FileChannel.open(
                                    folder.resolve("lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock taken = channel.lock()) {
                return taken.isValid() ? work.work() : refuse();
            }
        } catch (IOException e) {
            throw Problem.step("table.files", folder + ": " + e).exception(e);
        } finally {
            lock.unlock();
        }
    }

    private static <T> T refuse() {
        throw new IllegalStateException("a lock that was just taken is not valid");
    }
}

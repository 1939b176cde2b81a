package dev.weir.ml.data.log;

import dev.weir.ml.data.DuckDb;
import dev.weir.store.meta.Times;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of a growing table: where they lie, and what they are called. */
final class TableFolder {
    private final Path folder;
    private final String process;
    private final Clock clock;
    private final SecureRandom chance = new SecureRandom();

    TableFolder(Path folder, String process, Clock clock) {
        this.folder = folder;
        this.process = process;
        this.clock = clock;
    }

    Path path() {
        return folder;
    }

    /** Whether this process writes a segment, or has written it. */
    boolean own(Path segment) {
        return name(segment).contains("-" + process + "-");
    }

    /** A name that no file of this table ever had: clocks stand still and jump back. */
    String fresh() {
        return "%012x-%s-%016x".formatted(clock.millis(), process, chance.nextLong());
    }

    /** A segment that was open when it was listed may be closed now. */
    static Path there(Path segment) throws NoSuchFileException {
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

    /** The files of segments, the oldest first. */
    List<Path> segments(String ending) throws IOException {
        Path open = folder.resolve("open");
        if (!Files.isDirectory(open)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(open)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    static String name(Path segment) {
        String name = String.valueOf(segment.getFileName());
        return name.substring(0, name.lastIndexOf('.'));
    }

    Path rows() {
        return folder.resolve("rows");
    }

    Path manifestFile() {
        return folder.resolve("manifest.json");
    }

    Manifest manifest() throws IOException {
        return Manifest.read(manifestFile());
    }

    static Path parent(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Manifest.force(parent(file));
    }

    static String day(long micros) {
        return LocalDate.ofInstant(
                        Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L)), ZoneOffset.UTC)
                .toString();
    }

    static long micros(Instant time) {
        return Times.micros(time);
    }
}

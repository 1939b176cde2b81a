package dev.weir.ml.data.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.log.LogColumn.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

class GrowingTableTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final long NOON_MICROS = NOON.getEpochSecond() * 1_000_000;
    private static final Layout LAYOUT =
            new Layout(
                    List.of(new Layout.Constant(new LogColumn("source", Kind.TEXT), "a")),
                    List.of(
                            new LogColumn("_time", Kind.TIME),
                            new LogColumn("n", Kind.WHOLE),
                            new LogColumn("name", Kind.TEXT)));

    @TempDir Path folder;

    private GrowingTable table(String process, Instant now) {
        return new GrowingTable(
                folder.resolve("table"),
                "_time",
                process,
                new DuckDb(folder.resolve("scratch"), 1, 512L << 20),
                Clock.fixed(now, ZoneOffset.UTC));
    }

    private static void row(SegmentWriter to, long n) throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(new byte[256]);
        long next = RowBytes.layout(bytes, 0, 0);
        next = RowBytes.whole(bytes, next, NOON_MICROS + n);
        next = RowBytes.whole(bytes, next, n);
        next = RowBytes.text(bytes, next, "name " + n);
        to.row(bytes, 0, (int) next);
    }

    private static SegmentWriter segment(GrowingTable table, long from, long to)
            throws IOException {
        SegmentWriter segment = table.begin();
        segment.layout(0, LAYOUT);
        for (long n = from; n < to; n++) {
            row(segment, n);
        }
        segment.sync();
        return segment;
    }

    private static List<Long> numbers(GrowingTable table) {
        return new Reading(table.duckDb())
                .ask(
                        List.of(Reading.Asked.all(table, LAYOUT.columns())),
                        (session, relations) -> {
                            List<Long> numbers = new ArrayList<>();
                            session.each(
                                    "select n from " + relations.getFirst() + " order by n",
                                    row -> numbers.add(row.getLong(1)));
                            return numbers;
                        });
    }

    private static List<Long> upTo(long end) {
        return LongStream.range(0, end).boxed().toList();
    }

    private List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("table"))) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    @Test
    void aTornTailIsCutWhereverItIsTorn() throws IOException {
        GrowingTable table = table("one", NOON);
        segment(table, 0, 5).close();
        Path log = files(".log").getFirst();
        byte[] whole = Files.readAllBytes(log);
        int last = -1;
        for (int length = 0; length <= whole.length; length++) {
            Files.write(log, Arrays.copyOf(whole, length));
            List<Long> rows = new ArrayList<>();
            SegmentReader.read(log, Long.MAX_VALUE, collecting(rows));
            assertThat(rows).as("%d bytes", length).isEqualTo(upTo(rows.size()));
            assertThat(rows.size()).isGreaterThanOrEqualTo(last);
            last = rows.size();
        }
        assertThat(last).isEqualTo(5);
        for (int broken = 0; broken < whole.length; broken++) { // a byte that was not written so
            byte[] bytes = whole.clone();
            bytes[broken] ^= 0x40;
            Files.write(log, bytes);
            List<Long> rows = new ArrayList<>();
            SegmentReader.read(log, Long.MAX_VALUE, collecting(rows));
            assertThat(rows).as("byte %d", broken).isEqualTo(upTo(rows.size()));
            assertThat(rows.size()).isLessThan(5);
        }
        Files.write(log, Arrays.copyOf(whole, whole.length - 3));
        assertThat(numbers(table)).isEqualTo(upTo(4));
        table.compact();
        assertThat(numbers(table)).isEqualTo(upTo(4));
    }

    private static SegmentReader.Taker collecting(List<Long> rows) {
        return new SegmentReader.Taker() {
            @Override
            public void layout(int number, Layout layout) {
                assertThat(layout).isEqualTo(LAYOUT);
            }

            @Override
            public void row(MemorySegment bytes, long at, int length) {
                rows.add(bytes.get(RowBytes.LONG, at + 12));
            }

            @Override
            public void lost(long micros, Loss loss, long lost) {
                throw new AssertionError("nothing is lost here");
            }
        };
    }

    @Test
    void rowsStandOnceWhereverTheHandOverIsInterrupted() throws IOException {
        GrowingTable table = table("one", NOON);
        segment(table, 0, 3).close();
        Path log = files(".log").getFirst();
        byte[] segment = Files.readAllBytes(log);
        table.compact();
        assertThat(numbers(table)).isEqualTo(upTo(3));
        Path file = files("manifest.json").getFirst();
        Manifest manifest = Manifest.read(file);
        String name = String.valueOf(log.getFileName()).replace(".log", "");

        Files.write(log, segment); // killed before the segment was removed
        new Manifest(manifest.files(), Set.of(name), List.of(), List.of()).write(file);
        assertThat(numbers(table)).isEqualTo(upTo(3));
        table.compact();
        assertThat(numbers(table)).isEqualTo(upTo(3));
        assertThat(files(".log")).isEmpty();
        assertThat(Manifest.read(file)).isEqualTo(manifest);

        Files.write(log, segment); // killed before the manifest was written
        Files.delete(file);
        assertThat(numbers(table)).isEqualTo(upTo(3));
        Path half = Files.createFile(files(".parquet").getFirst().resolveSibling("x.parquet"));
        table.compact();
        assertThat(numbers(table)).isEqualTo(upTo(3));
        assertThat(half).doesNotExist();
        assertThat(Manifest.read(file)).isEqualTo(manifest);
    }

    @Test
    void aDaysFilesBecomeOneWhenItIsOver() throws IOException {
        GrowingTable today = table("one", NOON);
        for (int part = 0; part < 3; part++) {
            segment(today, part * 4L, part * 4L + 4).close();
            today.compact();
        }
        assertThat(files(".parquet")).hasSize(3);
        GrowingTable tomorrow = table("one", NOON.plus(Duration.ofDays(1)));
        segment(tomorrow, 12, 13).close();
        tomorrow.compact();
        assertThat(files(".parquet")).hasSize(2);
        assertThat(numbers(tomorrow)).isEqualTo(upTo(13));
    }

    @Test
    void aSegmentBelongsToWhoWritesItAndIsTakenWhenTheyDie() throws IOException {
        GrowingTable mine = table("one", NOON);
        try (SegmentWriter open = segment(mine, 0, 2)) {
            assertThat(open.rows()).isEqualTo(2);
            assertThat(mine.compact()).isZero();
            assertThat(numbers(mine)).isEqualTo(upTo(2));
        }
        assertThat(mine.compact()).isEqualTo(1);
        segment(mine, 2, 4).close();
        Path closed = files(".log").getFirst();
        Path abandoned =
                closed.resolveSibling(
                        String.valueOf(closed.getFileName())
                                .replace("-one-", "-two-")
                                .replace(".log", ".open"));
        Files.move(closed, abandoned); // as a process leaves it that was killed
        assertThat(numbers(mine)).isEqualTo(upTo(4));
        assertThat(mine.compact()).isEqualTo(1);
        assertThat(numbers(mine)).isEqualTo(upTo(4));
        assertThat(files(".open")).isEmpty();
    }

    @Test
    void readersSeeEveryRowOnceWhileOthersWriteAndRearrange() throws Exception {
        GrowingTable table = table("one", NOON);
        AtomicLong synced = new AtomicLong();
        int rows = 4_000;
        try (ExecutorService others = Executors.newFixedThreadPool(2)) {
            Future<?> writing =
                    others.submit(
                            () -> {
                                for (int from = 0; from < rows; from += 50) {
                                    try (SegmentWriter segment = segment(table, from, from + 50)) {
                                        synced.set(from + 50);
                                        assertThat(segment.rows()).isEqualTo(50);
                                    }
                                }
                                return null;
                            });
            Future<?> compacting =
                    others.submit(
                            () -> {
                                while (!writing.isDone()) {
                                    table.compact();
                                }
                            });
            int asked = 0;
            while (!writing.isDone() || asked < 3) {
                long before = synced.get();
                List<Long> seen = numbers(table);
                assertThat(seen).isEqualTo(upTo(seen.size()));
                assertThat((long) seen.size()).isGreaterThanOrEqualTo(before);
                asked++;
            }
            writing.get();
            compacting.get();
        }
        table.compact();
        assertThat(numbers(table)).isEqualTo(upTo(rows));
    }
}

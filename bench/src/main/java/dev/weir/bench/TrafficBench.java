package dev.weir.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

import dev.weir.base.digest.Digest;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;
import dev.weir.ml.traffic.Entry;
import dev.weir.ml.traffic.LogHealth;
import dev.weir.ml.traffic.LogPolicy;
import dev.weir.ml.traffic.Origin;
import dev.weir.ml.traffic.PredictionIds;
import dev.weir.ml.traffic.PredictionLog;
import dev.weir.ml.traffic.Selection;
import dev.weir.ml.traffic.Traffic;
import dev.weir.ml.traffic.Window;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What the prediction log costs: an offer, on the thread of the request (6 numbers, 8 texts, one
 * row; CPU time and bytes); a row until it is in the file, all threads; and reading a day's window
 * out of at least 100 MB, beside one Parquet file of the same rows that DuckDB has written.
 *
 * <p>Arguments: megabytes to log (100), runs of each question (5).
 */
public final class TrafficBench {
    private static final int BURST = 200;

    /** Between bursts, so that the log's buffer holds them: some 40,000 rows a second. */
    private static final long PAUSE_NANOS = 5_000_000;

    private static final Instant DAY = Instant.parse("2026-11-25T00:00:00Z");
    private static final String[] WORDS = {
        "Private",
        "State-gov",
        "Self-emp-not-inc",
        "Bachelors",
        "HS-grad",
        "Some-college",
        "Never-married",
        "Married-civ-spouse",
        "Exec-managerial",
        "Adm-clerical",
        "Husband",
        "Not-in-family",
        "White",
        "Black",
        "Male",
        "Female",
        "United-States",
        "Mexico"
    };

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Signature signature;
    private final Origin origin;
    private final Path home;
    private final DuckDb duckDb;
    private final Traffic traffic;
    private final PredictionIds ids = PredictionIds.of(Clock.systemUTC());
    private final List<List<Columns.Column>> rows = new ArrayList<>();
    private final float[][] outputs;

    private TrafficBench(Path home) {
        this.home = home;
        this.duckDb = new DuckDb(home.resolve("scratch"), 1);
        this.traffic = new Traffic(home, "default", duckDb, Clock.systemUTC());
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            inputs.add(
                    i < 6
                            ? new Input.Number("number" + i, 0, 1)
                            : new Input.Category("text" + i, List.of("a", "b")));
        }
        this.signature =
                Signature.binary("income", inputs, new Signature.Classes(">50K", "<=50K", 0.5));
        this.origin = Origin.of("primary", 3, Digest.ofText("model"), signature);
        Random random = new Random(1);
        this.outputs = new float[10_000][1];
        for (float[] output : outputs) {
            List<Columns.Column> columns = new ArrayList<>();
            for (int i = 0; i < 14; i++) {
                columns.add(
                        i < 6
                                ? new Columns.Numbers(
                                        new double[] {Math.floor(random.nextDouble() * 1000)})
                                : new Columns.Texts(
                                        new @Nullable String[] {
                                            WORDS[random.nextInt(WORDS.length)]
                                        }));
            }
            rows.add(columns);
            output[0] = random.nextFloat();
        }
    }

    public static void main(String[] arguments) throws Exception {
        long bytes = (arguments.length > 0 ? Long.parseLong(arguments[0]) : 100) << 20;
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Path home = Files.createTempDirectory("weir-traffic-bench");
        try {
            TrafficBench bench = new TrafficBench(home);
            bench.offers();
            bench.reads(bytes, runs);
        } finally {
            Checkout.delete(home);
        }
    }

    private void offers() throws InterruptedException {
        long burstsToWarm = 500;
        long bursts = 2_000;
        try (PredictionLog log =
                traffic.log("offers", LogPolicy.usual(), Thread.ofPlatform().factory())) {
            measure(log, burstsToWarm);
            long cpuBefore = PROCESS.getProcessCpuTime();
            double[] offer = measure(log, bursts);
            double all = (PROCESS.getProcessCpuTime() - cpuBefore) / (double) (bursts * BURST);
            row("offer, thread of the request, CPU us", offer[0] / 1000, 2);
            row("  bytes allocated, id and entry included", offer[1], 0);
            row("  a row until it is in the file, CPU us", all / 1000, 0);
            row("  rows dropped", log.dropped(), 0);
        }
    }

    /** CPU nanoseconds and bytes for each offer, in bursts that the log's buffer holds. */
    private double[] measure(PredictionLog log, long bursts) throws InterruptedException {
        long cpu = 0;
        long bytes = 0;
        int next = 0;
        for (long burst = 0; burst < bursts; burst++) {
            long cpuBefore = THREADS.getCurrentThreadCpuTime();
            long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < BURST; i++) {
                int place = next++ % outputs.length;
                log.offer(entry(ids.next(), System.nanoTime() / 1000, place));
            }
            bytes += THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
            cpu += THREADS.getCurrentThreadCpuTime() - cpuBefore;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        log.flush();
        return new double[] {cpu / (double) (bursts * BURST), bytes / (double) (bursts * BURST)};
    }

    private Entry entry(String id, long micros, int place) {
        return new Entry(
                id, micros, origin, null, 1, rows.get(place), outputs[place], 12_345, null);
    }

    private void reads(long bytes, int runs) throws Exception {
        long logged = 0;
        long count = bytes / 240;
        long dayMicros = Duration.ofDays(1).toNanos() / 1000;
        long begin = DAY.getEpochSecond() * 1_000_000;
        long cpuBefore = PROCESS.getProcessCpuTime();
        LogHealth health;
        try (PredictionLog log =
                traffic.log("income", LogPolicy.usual(), Thread.ofPlatform().factory())) {
            for (long i = 0; i < count; i++) {
                long micros = begin + i * dayMicros / count;
                log.offer(entry(ids.next(), micros, (int) (i % outputs.length)));
                if (i % BURST == 0) {
                    log.flush();
                }
            }
            log.flush();
            health = log.health();
            logged = size(home.resolve("traffic/default/income"), "");
        }
        traffic.upkeep("income", Duration.ofDays(3650));
        double compacted = (PROCESS.getProcessCpuTime() - cpuBefore) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%,d rows logged, %,d dropped; %.0f MB of segments and files, then %.0f MB of"
                        + " Parquet; CPU %.1f s, %.1f us a row%n",
                health.written(),
                health.dropped(),
                logged / 1e6,
                size(home.resolve("traffic/default/income"), ".parquet") / 1e6,
                compacted,
                compacted * 1e6 / count);
        Path window = home.resolve("window.parquet");
        Path hand = home.resolve("hand.parquet");
        Window day = Window.around(DAY, Duration.ofDays(1));
        traffic.windows("income").write(day, Selection.all(), window);
        String files = home.resolve("traffic/default/income/predictions/rows") + "/*/*.parquet";
        String all = "read_parquet(" + DuckDb.text(files) + ", union_by_name = true)";
        ask(
                "copy (select * from "
                        + all
                        + " order by _time) to "
                        + DuckDb.text(hand.toString())
                        + " (format parquet)");
        String byHand = DuckDb.parquet(hand, false);
        String span =
                " where _time >= timestamp '2026-11-25 00:00:00' and _time < timestamp '2026-11-26"
                        + " 00:00:00'";
        String figures =
                "select count(*), avg(number0), stddev(number1), approx_quantile(_score, 0.5),"
                        + " max(length(text7)), count(distinct text8), count(distinct _decision),"
                        + " max(_id) from ";
        ratio(
                "a day's window, aggregated, CPU s",
                figures + all + span,
                figures + byHand + span,
                runs);
        String counts = "select text6, text7, count(*) from ";
        ratio(
                "  two columns of it grouped, CPU s",
                counts + all + span + " group by all",
                counts + byHand + span + " group by all",
                runs);
        double[] joined = new double[runs];
        for (int i = 0; i < runs; i++) {
            long before = PROCESS.getProcessCpuTime();
            traffic.windows("income").write(day, Selection.all(), window);
            joined[i] = (PROCESS.getProcessCpuTime() - before) / 1e9;
        }
        row("  the whole window joined and written, CPU s", median(joined), 0);
        double[] copied = new double[runs];
        for (int i = 0; i < runs; i++) {
            copied[i] =
                    ask(
                            "copy (select * from "
                                    + byHand
                                    + span
                                    + " order by _time) to "
                                    + DuckDb.text(home.resolve("copy.parquet").toString())
                                    + " (format parquet)");
        }
        row("  the same rows copied by hand, CPU s", median(copied), 0);
    }

    private void ratio(String what, String log, String byHand, int runs) throws SQLException {
        double[] ours = new double[runs];
        double[] theirs = new double[runs];
        ask(log);
        ask(byHand);
        for (int i = 0; i < runs; i++) { // in turns, so that noise meets both
            ours[i] = ask(log);
            theirs[i] = ask(byHand);
        }
        System.out.printf(
                Locale.ROOT, "%-46s %10.3f   by hand %.3f%n", what, median(ours), median(theirs));
        row("  ratio", median(ours) / median(theirs), 2);
    }

    /** CPU seconds of a question. */
    private double ask(String sql) throws SQLException {
        try (DuckDb.Session session = duckDb.open()) {
            long before = PROCESS.getProcessCpuTime();
            session.run(sql);
            return (PROCESS.getProcessCpuTime() - before) / 1e9;
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static long size(Path folder, String ending) throws IOException {
        long size = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                size += file.toString().endsWith(ending) ? Files.size(file) : 0;
            }
        }
        return size;
    }

    private static void row(String what, double figure, double asked) {
        System.out.printf(
                Locale.ROOT,
                "%-46s %10.3f %10s%s%n",
                what,
                figure,
                asked == 0 ? "" : String.format(Locale.ROOT, "%.2f", asked),
                asked == 0 ? "" : figure <= asked ? "   met" : "   MISSED");
    }
}

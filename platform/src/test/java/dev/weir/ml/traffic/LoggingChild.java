package dev.weir.ml.traffic;

import static dev.weir.ml.traffic.TrafficExample.PRIMARY;
import static dev.weir.ml.traffic.TrafficExample.THREADS;
import static dev.weir.ml.traffic.TrafficExample.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** A process that logs predictions until it is killed, or until its disk is full. */
final class LoggingChild {
    private LoggingChild() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[1]);
        Path scratch = Path.of(arguments[2]);
        Clock clock = Clock.systemUTC();
        Traffic traffic = new Traffic(home, "default", TrafficExample.duckDb(scratch), clock);
        LogLimits limits =
                new LogLimits(1 << 20, 200_000, Duration.ofSeconds(2), Duration.ofMillis(500));
        PredictionLog log = traffic.log("income", LogPolicy.usual(), limits, THREADS);
        switch (arguments[0]) {
            case "until-killed" -> untilKilled(log, clock, Integer.parseInt(arguments[3]));
            case "until-full" -> untilFull(traffic, log, clock, home, scratch);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void untilKilled(PredictionLog log, Clock clock, int from)
            throws InterruptedException {
        for (int i = from; ; i++) {
            log.offer(entry("id" + i, clock.instant(), PRIMARY, null, i, "state", 0.5f));
            if (i % 50 == 0) {
                System.out.println(i);
                System.out.flush();
                Thread.sleep(5); // the pace of requests
            }
        }
    }

    private static void untilFull(
            Traffic traffic, PredictionLog log, Clock clock, Path home, Path scratch)
            throws Exception {
        Path filler = home.resolve("filler");
        Files.write(filler, new byte[700_000]);
        int offered = 0;
        while (log.health().failing() == null) {
            offered = some(log, clock, offered);
        }
        System.out.println("failing: " + log.health().failing());
        for (int i = 0; i < 20; i++) {
            offered = some(log, clock, offered);
        }
        Files.delete(filler);
        while (log.health().failing() != null) {
            offered = some(log, clock, offered);
        }
        offered = some(log, clock, offered);
        LogHealth health = log.health();
        log.close();
        Path out = scratch.resolve("all.parquet");
        long rows =
                traffic.windows("income")
                        .write(
                                new Window(Instant.EPOCH, clock.instant().plusSeconds(60)),
                                Selection.all(),
                                out)
                        .rows();
        System.out.println("offered " + offered);
        System.out.println("written " + health.written());
        System.out.println("failed " + health.failed());
        System.out.println("dropped " + health.dropped());
        System.out.println("read " + rows);
    }

    private static int some(PredictionLog log, Clock clock, int offered)
            throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            log.offer(
                    entry(
                            "id" + (offered + i),
                            clock.instant(),
                            PRIMARY,
                            null,
                            i,
                            "x".repeat(50),
                            0.5f));
        }
        log.flush();
        return offered + 100;
    }
}

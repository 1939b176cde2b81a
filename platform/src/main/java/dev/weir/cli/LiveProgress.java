package dev.weir.cli;

import dev.weir.pipeline.Progress;
import dev.weir.pipeline.Step;
import dev.weir.pipeline.StepReport;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Progress for a person at a terminal: finished steps stay, and below them one line says what is
 * running and for how long. Closing it takes that line away.
 */
final class LiveProgress implements Progress, AutoCloseable {
    private static final String CLEAR_LINE = "\r\u001b[2K";
    private static final String[] WHEEL = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    private static final long TICK_MILLIS = 120;

    private final Screen screen;
    private final RunView view;
    private final Map<String, Long> running = new LinkedHashMap<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("weir-progress").factory());

    /** Guards the terminal and {@link #running}: the timer and the engine both write. */
    private final ReentrantLock lock = new ReentrantLock();

    private int turn;

    LiveProgress(Screen screen, RunView view) {
        this.screen = screen;
        this.view = view;
        var unused =
                timer.scheduleAtFixedRate(
                        () -> locked(() -> {}), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void started(Step step, int attempt) {
        String again = attempt == 1 ? "" : " (attempt " + attempt + ")";
        locked(() -> running.put(step.name() + again, System.nanoTime()));
    }

    @Override
    public void ended(StepReport report) {
        locked(
                () -> {
                    running.keySet()
                            .removeIf(
                                    name ->
                                            name.equals(report.step())
                                                    || name.startsWith(report.step() + " ("));
                    screen.note(CLEAR_LINE + "  " + view.line(report));
                });
    }

    @Override
    public void note(String sentence) {
        locked(() -> screen.note(CLEAR_LINE + screen.yellow("  ! ") + sentence));
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            String line =
                    running.entrySet().stream()
                            .map(e -> e.getKey() + " " + elapsed(e.getValue()))
                            .collect(Collectors.joining(", "));
            turn++;
            screen.live(
                    line.isEmpty()
                            ? CLEAR_LINE
                            : CLEAR_LINE + "  " + WHEEL[turn % WHEEL.length] + " " + line);
        } finally {
            lock.unlock();
        }
    }

    private static String elapsed(long since) {
        return Duration.ofNanos(System.nanoTime() - since).toSeconds() + " s";
    }

    @Override
    public void close() {
        timer.shutdownNow();
        locked(running::clear);
    }
}

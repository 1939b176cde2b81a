package dev.weir.ml.model;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.pipeline.ProgramEnvironment;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A model that is a program: started in a copy of its folder, asked over a loopback port, watched,
 * limited, restarted and stopped. Whatever it does, a call ends: with scores that were checked, or
 * with a problem that holds the last lines that the program printed.
 *
 * <p>A program that dies between two calls, or in one, is started again, after a pause that
 * doubles, at most {@value #RESTARTS} times until it has answered for a minute; one that takes too
 * long for an answer, or too much memory, is killed first. It may be held open for as long as one
 * likes; {@link #watch} tells of its deaths.
 */
public final class ProcessScorer implements Scorer {
    /** How often it is started again before it is given up. */
    static final int RESTARTS = 3;

    /** The code of every problem that is the program's. */
    public static final String FAULT = "model.process";

    private static final int BLOCK = 1_000;
    private static final int OK = 200;
    private static final int NOT_YET = 503;
    private static final long LARGEST_ANSWER_BYTES = 64L << 20;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration WELL = Duration.ofMinutes(1);
    private static final long GLANCE_MILLIS = 250;
    private static final long KNOCK_MILLIS = 25;
    private static final long LAST_BREATH_MILLIS = 500;
    private static final int SHOWN_LINES = 5;

    private final Signature signature;
    private final ScoreProgram program;
    private final Invocations invocations;
    private final CopiedFolder folder;
    private final HttpClient client;
    private final Semaphore free;

    /** Guards the start: one thread starts the program, and writes the fields below. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable ModelProcess process;
    private volatile long peakBytes;
    private volatile boolean closed;
    private URI address = URI.create("http://127.0.0.1/");
    private int restarts;
    private long startedNanos;
    private volatile Watcher watcher = why -> {};

    /** Is told of what happens to a program between calls and in them, on a thread of Weir's. */
    @FunctionalInterface
    public interface Watcher {
        /**
         * The program died, or was killed. The next call starts it again, or {@link #revive} does.
         *
         * @param why a clause: {@code it ended with exit code 1}
         */
        void died(String why);
    }

    private ProcessScorer(ModelFolder.Program model, CopiedFolder folder) {
        this.signature = model.signature();
        this.program = model.scorer();
        this.invocations = new Invocations(signature);
        this.folder = folder;
        this.free = new Semaphore(program.parallel(), true);
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(program.call())
                        .build();
    }

    /**
     * Starts the program, and waits until it has answered for one row.
     *
     * @param scratch a folder in which it gets a copy of its files, deleted on {@link #close}
     * @throws ProblemException (STEP, {@link #FAULT}) where it does not start or does not answer
     */
    public static ProcessScorer open(ModelFolder.Program model, Path scratch) {
        try {
            CopiedFolder folder =
                    new CopiedFolder(
                            Files.createTempDirectory(
                                    Files.createDirectories(scratch), "program-"));
            try {
                model.files().copyTo(folder.path().resolve("model"));
            } catch (IOException | RuntimeException e) {
                folder.close(); // what was copied so far
                throw e;
            }
            ProcessScorer scorer = new ProcessScorer(model, folder);
            try {
                scorer.revive();
                return scorer;
            } catch (ProblemException e) {
                scorer.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whom to tell of its deaths; one at a time. */
    public void watch(Watcher told) {
        watcher = told;
    }

    /** Whether the program runs. */
    public boolean alive() {
        ModelProcess now = process;
        return now != null && now.alive();
    }

    /** The most memory that the program and all that it started were seen to hold, in bytes. */
    public long peakMemoryBytes() {
        ModelProcess now = process;
        if (now == null) {
            return peakBytes;
        }
        now.memoryBytes();
        return Math.max(peakBytes, now.peakBytes());
    }

    /**
     * Starts the program where it does not run, and waits for its first answer; returns at once
     * where it does.
     *
     * @throws ProblemException (STEP, {@link #FAULT}) where it does not start, or was started again
     *     too often
     */
    public void revive() {
        running();
    }

    private record Running(ModelProcess process, URI address) {}

    private Running running() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the scorer is closed");
            }
            ModelProcess before = process;
            if (before != null && before.alive()) {
                return new Running(before, address);
            }
            if (before != null) {
                pause(before);
            }
            return start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fault("it was told to stop while it started", process);
        } finally {
            lock.unlock();
        }
    }

    private void pause(ModelProcess before) throws InterruptedException {
        peakBytes = Math.max(peakBytes, before.peakBytes());
        restarts = System.nanoTime() - startedNanos > WELL.toNanos() ? 1 : restarts + 1;
        if (restarts > RESTARTS) {
            throw fault(
                    "%s, and was started again %d times in vain".formatted(before.end(), RESTARTS),
                    before);
        }
        Thread.sleep(FIRST_PAUSE.multipliedBy(1L << (restarts - 1)));
    }

    private Running start() throws InterruptedException {
        int port = freePort();
        URI here = URI.create("http://127.0.0.1:" + port + "/invocations");
        ModelProcess started;
        try {
            started =
                    ModelProcess.start(
                            program.command().stream()
                                    .map(word -> word.replace(ScoreProgram.PORT, "" + port))
                                    .toList(),
                            folder.path().resolve("model"),
                            environment(port));
        } catch (IOException e) {
            throw fault("it does not start: " + e.getMessage(), null);
        }
        process = started;
        if (closed) {
            started.kill("it was closed");
        }
        address = here;
        startedNanos = System.nanoTime();
        Thread.ofVirtual().name("weir-model-watch").start(() -> keepWatch(started));
        firstAnswer(new Running(started, here));
        return new Running(started, here);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> environment(int port) {
        Map<String, String> environment = ProgramEnvironment.variables();
        environment.put("TMPDIR", folder.path().toString());
        environment.put("OMP_NUM_THREADS", "1");
        environment.put("PYTHONUNBUFFERED", "1");
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        environment.putAll(program.variables());
        environment.put("PORT", "" + port);
        environment.put("WEIR_PORT", "" + port);
        return environment;
    }

    /** Its port may be open before its model is loaded: only an answer says that it is there. */
    private void firstAnswer(Running running) throws InterruptedException {
        long deadline = System.nanoTime() + program.start().toNanos();
        byte[] question = invocations.question(Specimen.of(signature), 0, 1);
        String last = "nothing listened on its port";
        while (System.nanoTime() < deadline) {
            String end = running.process().end();
            if (end != null) {
                running.process().kill(end);
                throw fault(end + " before it answered", running.process());
            }
            try {
                HttpResponse<byte[]> answer =
                        exchange(running, question, Math.max(1, deadline - System.nanoTime()));
                if (answer.statusCode() != NOT_YET) {
                    float[] scores = new float[signature.width()];
                    take(answer, 1, scores, 0);
                    return;
                }
                last = "it said that it was not ready";
            } catch (IOException e) {
                running.process().endedWithin(KNOCK_MILLIS);
            } catch (TimeoutException e) {
                last = "its port was open, but no answer came";
            } catch (Invocations.Garbage e) {
                running.process().kill("it was stopped");
                throw fault("its first answer is none: " + e.getMessage(), running.process());
            }
        }
        running.process().kill("it was stopped");
        throw fault(
                "it did not answer within %s of its start: %s"
                        .formatted(text(program.start()), last),
                running.process());
    }

    /** Kills what takes too much memory, and tells of every death. */
    private void keepWatch(ModelProcess watched) {
        try {
            while (!watched.endedWithin(GLANCE_MILLIS)) {
                long bytes = watched.memoryBytes();
                if (bytes > program.memoryBytes()) {
                    watched.kill(
                            "it held %d MiB of memory (expected: at most %d)"
                                    .formatted(bytes >> 20, program.memoryBytes() >> 20));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!closed) {
            String end = watched.end();
            watcher.died(end == null ? "it ended" : end);
        }
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public float[] score(Columns columns) {
        columns.feeds(signature);
        int rows = columns.rows();
        float[] scores = new float[Math.multiplyExact(rows, signature.width())];
        for (int from = 0; from < rows; from += BLOCK) {
            block(columns, from, Math.min(rows, from + BLOCK), scores);
        }
        return scores;
    }

    /** One question; asked again where the program died of it, until it is given up. */
    private void block(Columns columns, int from, int to, float[] scores) {
        byte[] question = invocations.question(columns, from, to);
        try {
            free.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fault("it was told to stop before it was asked", null);
        }
        try {
            boolean broken = false;
            while (true) {
                Running running = running();
                try {
                    HttpResponse<byte[]> answer =
                            exchange(running, question, program.call().toNanos());
                    take(answer, to - from, scores, from * signature.width());
                    return;
                } catch (IOException e) {
                    boolean lives = !running.process().endedWithin(LAST_BREATH_MILLIS);
                    if (lives && broken) {
                        running.process().kill("it broke off an answer: " + e.getMessage());
                    }
                    broken = lives; // once may be a connection that it had closed
                } catch (TimeoutException e) {
                    String why = "it gave no answer within " + text(program.call());
                    running.process().kill(why);
                    throw fault(why, running.process());
                } catch (Invocations.Garbage e) {
                    throw fault("its answer is none: " + e.getMessage(), running.process());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fault("it was told to stop while it was asked", null);
        } finally {
            free.release();
        }
    }

    /** One answer, all of it within the time: a program that trickles is cut off as well. */
    private HttpResponse<byte[]> exchange(Running running, byte[] question, long nanos)
            throws IOException, TimeoutException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(
                        HttpRequest.newBuilder(running.address())
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(question))
                                .build(),
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(), LARGEST_ANSWER_BYTES));
        try {
            return answer.get(nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private void take(HttpResponse<byte[]> answer, int rows, float[] scores, int at)
            throws Invocations.Garbage {
        if (answer.statusCode() != OK) {
            throw new Invocations.Garbage(
                    "status %d, %s (expected: 200)"
                            .formatted(
                                    answer.statusCode(),
                                    Invocations.beginning(
                                            new String(answer.body(), StandardCharsets.UTF_8)
                                                    .strip())));
        }
        invocations.answer(answer.body(), rows, scores, at);
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + " s"
                : duration.toMillis() + " ms";
    }

    private static ProblemException fault(@Nullable String what, @Nullable ModelProcess process) {
        List<String> words = process == null ? List.of() : process.lastWords();
        List<String> shown = words.subList(Math.max(0, words.size() - SHOWN_LINES), words.size());
        return Problem.step(FAULT, "the model's program failed: " + what)
                .hint(
                        shown.isEmpty()
                                ? "It printed nothing."
                                : "The last that it printed: " + String.join(" | ", shown))
                .exception();
    }

    @Override
    public SingleRow singleRow() {
        return new Row();
    }

    @Override
    public void close() {
        closed = true;
        ModelProcess last = process;
        try (folder;
                client) {
            if (last != null) {
                last.close();
            }
            client.shutdownNow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One row: columns of one value each. */
    private final class Row implements SingleRow {
        private final Map<String, Columns.Column> values = new HashMap<>();

        Row() {
            for (Input input : signature.inputs()) {
                values.put(
                        input.name(),
                        input.datatype().equals("FP64")
                                ? new Columns.Numbers(new double[] {Double.NaN})
                                : new Columns.Texts(new @Nullable String[1]));
            }
        }

        @Override
        public void set(int input, double value) {
            values.put(
                    signature.inputs().get(input).name(),
                    new Columns.Numbers(new double[] {value}));
        }

        @Override
        public void set(int input, @Nullable String value) {
            values.put(
                    signature.inputs().get(input).name(),
                    new Columns.Texts(new @Nullable String[] {value}));
        }

        @Override
        public float score() {
            return scores()[0];
        }

        @Override
        public float[] scores() {
            return ProcessScorer.this.score(new Columns(1, values));
        }

        @Override
        public void close() {} // nothing is held
    }
}

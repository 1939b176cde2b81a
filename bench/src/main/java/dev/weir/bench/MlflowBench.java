package dev.weir.bench;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * CPU of {@code weir serve} for each call of MLflow's clients, beside what MLflow 3.6 was measured
 * to take (its own server over SQLite, on another day; see the docs), and beside the floor of
 * anything that makes a write durable: one {@code fdatasync} of 4 KiB on the same disk.
 *
 * <p>Arguments: runs to search (10,000).
 */
public final class MlflowBench {
    private static final String API = "/api/2.0/mlflow/";
    private static final int WRITERS = 16;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ProcessHandle server;
    private final String address;

    private MlflowBench(ProcessHandle server, String address) {
        this.server = server;
        this.address = address;
    }

    public static void main(String[] arguments) throws Exception {
        int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        Checkout checkout = Checkout.here();
        checkout.prepare();
        Path folder = Files.createTempDirectory("weir-mlflow-bench");
        start(checkout, folder.resolve("first")).destroy(); // its caches are made now
        long begun = System.nanoTime();
        Process process = start(checkout, folder.resolve("home"));
        try (BufferedReader out = process.inputReader()) {
            StringBuilder said = new StringBuilder();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.append(line);
                if (line.startsWith("}") || line.endsWith("}")) {
                    break;
                }
            }
            JsonNode started = JsonMapper.shared().readTree(said.toString());
            MlflowBench bench =
                    new MlflowBench(process.toHandle(), started.required("address").stringValue());
            bench.get("/health");
            double wall = (System.nanoTime() - begun) / 1e6;
            System.out.printf(
                    Locale.ROOT, "%-34s %10s %10s %10s%n", "", "MLflow 3.6", "Weir", "asked");
            row("start to the first answer, wall ms", "3,200", wall, 1_500);
            row("  of it CPU ms", "", millis(bench.cpu()), 0);
            row("idle memory, MiB", "345", resident(process.pid()) / 1048576.0, 250);
            row("one fdatasync of 4 KiB, CPU ms", "", floor(folder), 0);
            bench.writes();
            bench.searches(runs);
            bench.histories();
        } finally {
            process.destroy();
            process.waitFor(20, TimeUnit.SECONDS);
            Checkout.delete(folder);
        }
    }

    private static Process start(Checkout checkout, Path home) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        checkout.root().resolve("weir").toString(),
                        "serve",
                        "--json",
                        "--port",
                        "0",
                        "--home",
                        home.toString());
        builder.environment().put("WEIR_JAVA_HOME", System.getProperty("java.home"));
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static void row(String what, String peer, double weir, double asked) {
        System.out.printf(
                Locale.ROOT,
                "%-34s %10s %10.3f %10s%s%n",
                what,
                peer,
                weir,
                asked == 0 ? "" : String.format(Locale.ROOT, "%.2f", asked),
                asked == 0 ? "" : weir <= asked ? "   met" : "   MISSED");
    }

    private static double floor(Path folder) throws IOException {
        int times = 300;
        ProcessHandle self = ProcessHandle.current();
        try (FileChannel file =
                FileChannel.open(
                        folder.resolve("floor"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE)) {
            Duration before = self.info().totalCpuDuration().orElseThrow();
            for (int i = 0; i < times; i++) {
                file.write(ByteBuffer.allocate(4096), (long) i % 64 * 4096);
                file.force(false);
            }
            return millis(self.info().totalCpuDuration().orElseThrow().minus(before)) / times;
        }
    }

    private void writes() throws Exception {
        String experiment = experiment("writes");
        String run = run(experiment);
        each(
                "runs/create",
                "7-10",
                0.25,
                500,
                2_000,
                i -> post("runs/create", made(experiment, i)));
        each("log-metric", "5-6", 0.15, 500, 4_000, i -> post("runs/log-metric", metric(run, i)));
        each(
                "log-batch of 1,000 metrics, 10 keys",
                "75",
                1.5,
                60,
                200,
                i -> post("runs/log-batch", batch(run, "k", i)));
        Duration before = cpu();
        int many = 8_000;
        parallel(many, i -> post("runs/log-metric", metric(run, i)));
        row("log-metric, 16 writers", "5-7.5", millis(cpu().minus(before)) / many, 0);
    }

    private void searches(int runs) throws Exception {
        String experiment = experiment("searches");
        parallel(runs, i -> fill(experiment, i));
        String first = "{\"experiment_ids\": [\"" + experiment + "\"], \"max_results\": 100";
        each(
                "search %,d by a metric, first 100".formatted(runs),
                "5,000-10,000",
                runs > 10_000 ? 10 : 5,
                100,
                200,
                i -> post("runs/search", first + ", \"order_by\": [\"metrics.m0 DESC\"]}"));
        each(
                "the same, of metrics.m1 < 0.1 and a param",
                "117-223",
                0,
                20,
                50,
                i ->
                        post(
                                "runs/search",
                                first
                                        + ", \"filter\": \"metrics.m1 < 0.1 and params.p0 = '3'\","
                                        + " \"order_by\": [\"metrics.m0\"]}"));
        each("the newest 100", "53-113", 0, 50, 100, i -> post("runs/search", first + "}"));
        each(
                "all %,d runs".formatted(runs),
                "6,300",
                runs > 10_000 ? 0 : 250,
                5,
                10,
                i ->
                        post(
                                "runs/search",
                                "{\"experiment_ids\": [\""
                                        + experiment
                                        + "\"], \"max_results\": 50000}"));
    }

    private void histories() throws Exception {
        String run = run(experiment("histories"));
        for (int i = 0; i < 100; i++) {
            post("runs/log-batch", batch(run, "", i));
        }
        each("get-history of 100,000 points", "3,200", 100, 5, 20, i -> history(run));
    }

    private void history(String run) throws Exception {
        String token = "";
        int points = 0;
        do {
            String page =
                    get(
                            API
                                    + "metrics/get-history?max_results=25000&metric_key=k&run_id="
                                    + run
                                    + token);
            points += page.split("\"timestamp\"", -1).length - 1;
            int next = page.indexOf("\"next_page_token\":\"");
            token =
                    next < 0
                            ? ""
                            : "&page_token="
                                    + page.substring(
                                            next + "\"next_page_token\":\"".length(),
                                            page.lastIndexOf('"'));
        } while (!token.isEmpty());
        if (points != 100_000) {
            throw new IllegalStateException(points + " points (expected: 100,000)");
        }
    }

    private interface Call {
        void make(int number) throws Exception;
    }

    private void each(String what, String peer, double asked, int warm, int times, Call call)
            throws Exception {
        for (int i = 0; i < warm; i++) {
            call.make(i);
        }
        Duration before = cpu();
        for (int i = 0; i < times; i++) {
            call.make(warm + i);
        }
        row(what + ", CPU ms", peer, millis(cpu().minus(before)) / times, asked);
    }

    private static void parallel(int times, Call call) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                int number = i;
                all.add(
                        threads.submit(
                                () -> {
                                    call.make(number);
                                    return true;
                                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private String experiment(String name) throws Exception {
        return JsonMapper.shared()
                .readTree(post("experiments/create", "{\"name\": \"" + name + "\"}"))
                .required("experiment_id")
                .stringValue();
    }

    private String run(String experiment) throws Exception {
        return JsonMapper.shared()
                .readTree(post("runs/create", made(experiment, 1)))
                .at("/run/info/run_id")
                .stringValue();
    }

    private static String made(String experiment, int start) {
        return "{\"experiment_id\": \"%s\", \"start_time\": %d}".formatted(experiment, start);
    }

    private static String metric(String run, int i) {
        return "{\"run_id\": \"%s\", \"key\": \"x\", \"value\": %d.5, \"timestamp\": %d, \"step\": %d}"
                .formatted(run, i, i, i);
    }

    /** A thousand metrics: of ten keys, or of the one key {@code k}. */
    private static String batch(String run, String key, int i) {
        StringBuilder batch = new StringBuilder("{\"run_id\": \"" + run + "\", \"metrics\": [");
        for (int j = 0; j < 1_000; j++) {
            batch.append(j == 0 ? "" : ", ")
                    .append(
                            "{\"key\": \"k%s\", \"value\": %d.25, \"timestamp\": %d, \"step\": %d}"
                                    .formatted(
                                            key.isEmpty() ? "" : Integer.toString(j % 10),
                                            j,
                                            i,
                                            i * 1_000 + j));
        }
        return batch.append("]}").toString();
    }

    private void fill(String experiment, int i) throws Exception {
        String run = run(experiment);
        StringBuilder logged = new StringBuilder("{\"run_id\": \"" + run + "\", \"params\": [");
        for (int p = 0; p < 5; p++) {
            logged.append(p == 0 ? "" : ",")
                    .append("{\"key\": \"p%d\", \"value\": \"%d\"}".formatted(p, i * 7919 % 10));
        }
        logged.append("], \"tags\": [{\"key\": \"team\", \"value\": \"a\"}, ")
                .append(
                        "{\"key\": \"host\", \"value\": \"h\"}, {\"key\": \"note\", \"value\":"
                                + " \"n\"}")
                .append("], \"metrics\": [");
        for (int m = 0; m < 5; m++) {
            logged.append(m == 0 ? "" : ",")
                    .append(
                            "{\"key\": \"m%d\", \"value\": %s, \"timestamp\": 1}"
                                    .formatted(m, (i * 104_729L * (m + 1) % 100_003) / 100_003.0));
        }
        post("runs/log-batch", logged.append("]}").toString());
    }

    private String post(String endpoint, String body) throws Exception {
        return answer(
                HttpRequest.newBuilder(URI.create(address + API + endpoint))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private String get(String path) throws Exception {
        return answer(HttpRequest.newBuilder(URI.create(address + path)).build());
    }

    private String answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private Duration cpu() {
        return server.info().totalCpuDuration().orElseThrow();
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /** VmRSS of proc(5). */
    private static long resident(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        }
    }
}

package dev.weir.bench;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a prediction costs {@code weir serve}, with everything on, beside its floor in the same run:
 * Helidon that gives the same body back, and the bare scoring call. The model of {@code adult} by
 * init and run alone, one row of 14 columns as JSON. Goals: at most 1.8 times the CPU of both
 * together; at most 1.5 times the allocation of Helidon that walks over the same JSON.
 *
 * <p>Arguments: the folder of the data.
 */
public final class ServeBench {
    private static final int ROUNDS = 5;
    private static final int WARM = 12_000;
    private static final int REQUESTS = 4_000;
    private static final int CONNECTIONS = 32;
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    /** A server that is asked, and what its process is. */
    private record Asked(String name, int port, String path, ProcessHandle process) {}

    private ServeBench() {}

    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments.length > 0 ? arguments[0] : "../shared/data");
        Checkout checkout = Checkout.here();
        checkout.prepare();
        Path folder = Files.createTempDirectory("weir-serve-bench");
        List<Process> started = new ArrayList<>();
        try {
            String table = data.toAbsolutePath().normalize().resolve("adult/adult.csv").toString();
            checkout.weir(folder, "init", "income", "--data", table, "--target", "income")
                    .expecting(0);
            Path project = folder.resolve("income");
            checkout.weir(project, "run").expecting(0);
            checkout.weir(project, "promote", "income:1", "production").expecting(0);
            checkout.weir(project, "models", "export", "income:1", "--out", "model").expecting(0);

            long begun = System.nanoTime();
            Process weir = weir(checkout, project);
            started.add(weir);
            int port = weirPort(weir);
            byte[] body = body(port).getBytes(StandardCharsets.UTF_8);
            System.out.printf(
                    Locale.ROOT, "first answer after %.2f s%n", (System.nanoTime() - begun) / 1e9);
            Process bare = bare(checkout, weir.toHandle());
            started.add(bare);
            int barePort = Integer.parseInt(bare.inputReader().readLine());
            Asked served = new Asked("weir", port, "/v2/models/income/infer", weir.toHandle());
            Asked echo = new Asked("echo", barePort, "/echo", bare.toHandle());
            Asked parse = new Asked("parse", barePort, "/parse", bare.toHandle());
            double score = score(checkout, project.resolve("model"), weir.toHandle());
            compare(served, echo, body, score);
            allocation(served, parse, body);
            for (int connections : new int[] {1, CONNECTIONS}) {
                wall(served, body, connections);
            }
        } finally {
            for (Process process : started) {
                process.destroy();
                process.waitFor(20, TimeUnit.SECONDS);
            }
            Checkout.delete(folder);
        }
    }

    private static Process weir(Checkout checkout, Path project) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                checkout.root().resolve("weir").toString(),
                                "serve",
                                "--json",
                                "--port",
                                "0")
                        .directory(project.toFile());
        builder.environment().put("WEIR_JAVA_HOME", System.getProperty("java.home"));
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static int weirPort(Process weir) throws IOException {
        BufferedReader out = weir.inputReader();
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line);
            if (line.endsWith("}")) {
                break;
            }
        }
        String address =
                JsonMapper.shared().readTree(said.toString()).required("address").stringValue();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** The flags of the JVM that is the server, without its caches and class path. */
    private static List<String> flags(ProcessHandle weir) throws IOException {
        String command = Files.readString(Path.of("/proc/" + weir.pid() + "/cmdline"));
        return Arrays.stream(command.split("\0"))
                .skip(1)
                .takeWhile(argument -> !argument.equals("-cp"))
                .filter(argument -> !argument.startsWith("-XX:AOT"))
                .toList();
    }

    private static List<String> java(Checkout checkout, ProcessHandle like, String... main)
            throws IOException {
        List<String> command = new ArrayList<>();
        List<String> known = checkout.java("server");
        command.add(known.getFirst());
        command.addAll(flags(like));
        command.addAll(known.subList(known.indexOf("-cp"), known.size()));
        command.addAll(List.of(main));
        return command;
    }

    private static Process bare(Checkout checkout, ProcessHandle like) throws IOException {
        return new ProcessBuilder(java(checkout, like, BareServer.class.getName()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static double score(Checkout checkout, Path model, ProcessHandle like)
            throws IOException, InterruptedException {
        List<String> command = java(checkout, like, BareScoring.class.getName(), model.toString());
        Child child = Child.run(command, model, java.util.Map.of()).expecting(0);
        return Double.parseDouble(child.output().strip());
    }

    /** A row that the model takes, as its metadata says; waits until the endpoint is ready. */
    private static String body(int port) throws Exception {
        for (int wait = 0; wait < 400; wait++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (ask(socket, "GET", "/v2/models/income/ready", new byte[0]).startsWith("200")) {
                    return body(ask(socket, "GET", "/v2/models/income", new byte[0]).substring(3));
                }
            }
            Thread.sleep(25);
        }
        throw new IllegalStateException("the endpoint does not get ready");
    }

    private static String body(String metadata) {
        StringBuilder body = new StringBuilder("{\"inputs\": [");
        for (JsonNode input : JsonMapper.shared().readTree(metadata).required("inputs")) {
            body.append(body.charAt(body.length() - 1) == '}' ? ", " : "")
                    .append("{\"name\": ")
                    .append(input.required("name"))
                    .append(", \"datatype\": ")
                    .append(input.required("datatype"))
                    .append(", \"shape\": [1, 1], \"data\": [")
                    .append(
                            input.required("datatype").stringValue().equals("BYTES")
                                    ? "\"Private\""
                                    : "39")
                    .append("]}");
        }
        return body.append("]}").toString();
    }

    private static void compare(Asked served, Asked echo, byte[] body, double score)
            throws Exception {
        for (Asked asked : List.of(served, echo)) {
            cpu(asked, body, WARM);
        }
        double[] weir = new double[ROUNDS];
        double[] floor = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            weir[round] = cpu(served, body, REQUESTS);
            floor[round] = cpu(echo, body, REQUESTS);
        }
        double ratio = Checkout.median(weir) / (Checkout.median(floor) + score);
        System.out.printf(
                Locale.ROOT,
                "CPU per request, one connection: weir %.0f us, bare echo %.0f us, bare scoring"
                        + " %.1f us; ratio %.2f (asked 1.8)%s%n",
                Checkout.median(weir),
                Checkout.median(floor),
                score,
                ratio,
                ratio <= 1.8 ? "" : "   MISSED");
    }

    private static double cpu(Asked asked, byte[] body, int requests) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), asked.port())) {
            socket.setTcpNoDelay(true);
            Duration before = asked.process().info().totalCpuDuration().orElseThrow();
            for (int i = 0; i < requests; i++) {
                ok(ask(socket, "POST", asked.path(), body));
            }
            Duration took = asked.process().info().totalCpuDuration().orElseThrow().minus(before);
            return took.toNanos() / 1e3 / requests;
        }
    }

    private static void ok(String answer) {
        if (!answer.startsWith("200")) {
            throw new IllegalStateException(answer);
        }
    }

    private static void allocation(Asked served, Asked parse, byte[] body) throws Exception {
        cpu(parse, body, REQUESTS);
        double weir = allocated(served, "/metrics", body);
        double bare = allocated(parse, "/allocated", body);
        System.out.printf(
                Locale.ROOT,
                "allocated per request: weir %.0f B, Helidon that walks over the JSON %.0f B; ratio"
                        + " %.2f (asked 1.5)%s%n",
                weir,
                bare,
                weir / bare,
                weir / bare <= 1.5 ? "" : "   MISSED");
    }

    private static double allocated(Asked asked, String figure, byte[] body) throws Exception {
        double before = figure(asked, figure);
        cpu(asked, body, REQUESTS);
        return (figure(asked, figure) - before) / REQUESTS;
    }

    private static double figure(Asked asked, String path) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), asked.port())) {
            String answer = ask(socket, "GET", path, new byte[0]).substring(3);
            Matcher found =
                    Pattern.compile("(?m)^(?:jvm_allocated_bytes_total )?([\\d.E]+)$")
                            .matcher(answer.strip());
            if (!found.find()) {
                throw new IllegalStateException("no figure at " + path);
            }
            return Double.parseDouble(found.group(1));
        }
    }

    private static void wall(Asked asked, byte[] body, int connections) throws Exception {
        double[][] micros = new double[connections][];
        List<Thread> threads = new ArrayList<>();
        Duration before = asked.process().info().totalCpuDuration().orElseThrow();
        long begun = System.nanoTime();
        for (int c = 0; c < connections; c++) {
            int mine = c;
            threads.add(
                    Thread.startVirtualThread(
                            () -> micros[mine] = timed(asked, body, 2 * REQUESTS / connections)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        double[] all = Arrays.stream(micros).flatMapToDouble(Arrays::stream).sorted().toArray();
        double cpu =
                asked.process().info().totalCpuDuration().orElseThrow().minus(before).toNanos()
                        / 1e3
                        / all.length;
        System.out.printf(
                Locale.ROOT,
                "%d connection%s: p50 %.2f ms, p99 %.2f ms, %.0f requests/s, %.0f us CPU each%n",
                connections,
                connections == 1 ? "" : "s",
                all[all.length / 2] / 1e3,
                all[(int) (all.length * 0.99)] / 1e3,
                all.length / seconds,
                cpu);
    }

    private static double[] timed(Asked asked, byte[] body, int requests) {
        double[] micros = new double[requests];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), asked.port())) {
            socket.setTcpNoDelay(true);
            for (int i = 0; i < requests; i++) {
                long before = System.nanoTime();
                ok(ask(socket, "POST", asked.path(), body));
                micros[i] = (System.nanoTime() - before) / 1e3;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return micros;
    }

    /** The status and the body of an answer: {@code 200{…}}. */
    private static String ask(Socket socket, String method, String path, byte[] body)
            throws IOException {
        byte[] head =
                "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                        .formatted(method, path, body.length)
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] request = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        socket.getOutputStream().write(request);
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[1 << 16];
        int read = 0;
        while (true) {
            int more = in.read(buffer, read, buffer.length - read);
            if (more < 0) {
                throw new IOException("closed in the middle of an answer");
            }
            read += more;
            String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end >= 0) {
                Matcher length = LENGTH.matcher(text.substring(0, end));
                int size = length.find() ? Integer.parseInt(length.group(1)) : 0;
                if (read >= end + 4 + size) {
                    return text.substring(9, 12) + text.substring(end + 4);
                }
            }
        }
    }
}

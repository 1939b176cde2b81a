package dev.weir.app;

import dev.weir.cli.Services;
import dev.weir.project.Project;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Starts a server and asks it what clients ask most, in one process, so that the JVM records its
 * classes and what runs often. The home is made beforehand: a server starts on one that is there.
 */
final class AotServerTraining {
    private static final String API = "/api/2.0/mlflow/";
    private static final int TIMES = 300;
    private static final Pattern ID = Pattern.compile("\"(?:run_id|experiment_id)\":\"([^\"]+)\"");

    private AotServerTraining() {}

    static void run() throws IOException {
        Path folder = Files.createTempDirectory("weir-aot-");
        try {
            Services.Listening listening =
                    new Services.Listening(
                            Project.bare(folder, null), "127.0.0.1", 0, Optional.empty());
            new Wiring(folder).serve(listening).close();
            try (Services.Served served = new Wiring(folder).serve(listening)) {
                everyday(served.address());
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void everyday(URI server) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            ask(socket, "GET", "/health", "");
            ask(socket, "GET", "/version", "");
            String experiment = id(ask(socket, "POST", API + "experiments/create", "{'name':'a'}"));
            ask(socket, "GET", API + "experiments/get-by-name?experiment_name=a", "");
            String run = "";
            for (int i = 0; i < TIMES; i++) {
                if (i % 10 == 0) {
                    String made = "{'experiment_id':'" + experiment + "','start_time':1}";
                    run = id(ask(socket, "POST", API + "runs/create", made));
                }
                logged(socket, run, i);
                ask(socket, "GET", API + "runs/get?run_id=" + run, "");
            }
            for (int i = 0; i < TIMES / 10; i++) {
                ask(
                        socket,
                        "POST",
                        API + "runs/search",
                        "{'experiment_ids':['"
                                + experiment
                                + "'],'filter':'metrics.m > 1','order_by':['metrics.m DESC']}");
                ask(socket, "GET", API + "metrics/get-history?metric_key=m&run_id=" + run, "");
            }
            registry(socket);
        }
    }

    private static void logged(Socket socket, String run, int step) throws IOException {
        String point =
                "'key':'m','value':%d.5,'timestamp':%d,'step':%d".formatted(step, step, step);
        ask(socket, "POST", API + "runs/log-metric", "{'run_id':'" + run + "'," + point + "}");
        ask(
                socket,
                "POST",
                API + "runs/log-batch",
                "{'run_id':'"
                        + run
                        + "','params':[{'key':'p','value':'1'}],'tags':[{'key':'t','value':'"
                        + step
                        + "'}],'metrics':[{"
                        + point
                        + "},{"
                        + point.replace("'m'", "'n'")
                        + "}]}");
    }

    private static void registry(Socket socket) throws IOException {
        String name = "{'name':'m'}";
        ask(socket, "POST", API + "registered-models/create", name);
        ask(socket, "POST", API + "model-versions/create", "{'name':'m','source':'s'}");
        ask(socket, "GET", API + "registered-models/get?name=m", "");
        ask(socket, "GET", API + "model-versions/search?filter=name%3D%27m%27", "");
        ask(
                socket,
                "POST",
                API + "registered-models/alias",
                "{'name':'m','alias':'champion','version':'1'}");
    }

    private static String id(String answer) {
        Matcher found = ID.matcher(answer);
        return found.find() ? found.group(1) : "";
    }

    /** The answer to a request; a small client, since the JDK's own would stay in the cache. */
    private static String ask(Socket socket, String method, String path, String body)
            throws IOException {
        byte[] json = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        String head =
                "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
                        .formatted(method, path, json.length);
        byte[] request = new byte[head.length() + json.length];
        System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, request, 0, head.length());
        System.arraycopy(json, 0, request, head.length(), json.length);
        socket.getOutputStream().write(request);
        InputStream in = socket.getInputStream();
        StringBuilder headers = new StringBuilder();
        while (headers.indexOf("\r\n\r\n") < 0) {
            headers.append((char) in.read());
        }
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(headers.toString());
        int size = length.find() ? Integer.parseInt(length.group(1)) : 0;
        return new String(in.readNBytes(size), StandardCharsets.UTF_8);
    }
}

package dev.weir.server.inference;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.LinearModel;
import dev.weir.ml.model.Link;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.OnnxExport;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.Signature;
import dev.weir.ml.traffic.PredictionIds;
import dev.weir.ml.traffic.Traffic;
import dev.weir.server.ListenAddress;
import dev.weir.server.Server;
import dev.weir.stage.deploy.Behind;
import dev.weir.stage.deploy.LiveEndpoints;
import dev.weir.stage.deploy.OpenedModel;
import dev.weir.stage.deploy.Placed;
import dev.weir.stage.deploy.rollout.Route;
import dev.weir.stage.deploy.rollout.SmokeTest;
import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.stage.deploy.rollout.plan.Bounds;
import dev.weir.stage.deploy.rollout.plan.Deployment;
import dev.weir.stage.deploy.rollout.plan.Plan;
import dev.weir.stage.deploy.rollout.plan.SplitKey;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A server of endpoints whose routes a test sets, over loopback, with real models: version N of a
 * model says {@code N / 100} of every row.
 */
final class Served implements Behind, AutoCloseable {
    static final Signature SHOP =
            Signature.binary(
                    "bought",
                    List.of(
                            new Input.Number("age", 0, 100),
                            new Input.Category("colour", List.of("blue", "red"))),
                    new Signature.Classes("yes", "no", 0.5));

    private final Map<String, Route> routes = new TreeMap<>();
    private final Map<Long, ModelFolder> models = new ConcurrentHashMap<>();
    private final Path folder;
    private final AtomicInteger revisions = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    final List<Evidence> seen = new ArrayList<>();
    final AtomicInteger opened = new AtomicInteger();
    final Traffic traffic;
    final LiveEndpoints endpoints;
    private final Server server;

    Served(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.traffic =
                new Traffic(
                        folder,
                        "default",
                        new DuckDb(Files.createDirectories(folder.resolve("scratch")), 1),
                        Clock.systemUTC());
        this.endpoints =
                new LiveEndpoints(
                        this, traffic, PredictionIds.of(Clock.systemUTC()), Clock.systemUTC());
        this.server =
                Server.start(
                        ListenAddress.loopback(0),
                        Optional.empty(),
                        List.of(new InferenceDoor(endpoints, traffic, "test")));
    }

    /** A model that says the same of every row. */
    static ModelFolder.Onnx constant(Signature signature, double says) {
        int numbers = 0;
        List<double[]> categories = new ArrayList<>();
        for (Input input : signature.inputs()) {
            if (input instanceof Input.Category category) {
                categories.add(new double[(category.places() + 1) * signature.width()]);
            } else {
                numbers += input.width();
            }
        }
        double[] intercept = new double[signature.width()];
        intercept[0] = signature.classes() == null ? says : Math.log(says / (1 - says));
        LinearModel model =
                new LinearModel(
                        new double[numbers],
                        new double[numbers],
                        new double[numbers * signature.width()],
                        categories,
                        List.of(),
                        intercept,
                        signature.classes() == null
                                ? signature.width() > 1 ? Link.SOFTMAX : Link.IDENTITY
                                : Link.LOGISTIC);
        return new ModelFolder.Onnx(signature, OnnxExport.bytes(model, signature));
    }

    /** Another model than the usual one as this version. */
    void model(long version, ModelFolder model) {
        models.put(version, model);
    }

    /** Has an endpoint answer so from now on, and waits until it does. */
    void route(String endpoint, @Nullable Long primary, Route.@Nullable Live live) {
        route(endpoint, primary, live, new SplitKey.Request(), "{}");
        await(() -> get("/v2/models/" + endpoint + "/ready").status() == 200);
    }

    void route(
            String endpoint,
            @Nullable Long primary,
            Route.@Nullable Live live,
            SplitKey key,
            String settings) {
        Deployment deployment =
                new Deployment(
                        endpoint,
                        true,
                        new Plan(List.of(), Bounds.NONE, false),
                        key,
                        JsonMapper.shared().readTree(settings));
        synchronized (routes) {
            routes.put(
                    endpoint,
                    new Route(
                            endpoint,
                            "shop",
                            primary,
                            null,
                            deployment,
                            Optional.ofNullable(live)));
        }
        revisions.incrementAndGet();
        endpoints.refresh();
    }

    @Override
    public long revision() {
        return revisions.get();
    }

    @Override
    public List<Route> routes() {
        synchronized (routes) {
            return List.copyOf(routes.values());
        }
    }

    @Override
    public OpenedModel open(Placed placed) {
        opened.incrementAndGet();
        ModelFolder model =
                models.computeIfAbsent(
                        placed.version(), v -> constant(SHOP, Math.max(1, v % 100) / 100.0));
        if (model instanceof ModelFolder.Onnx onnx && onnx.onnx().length == 0) {
            throw Problem.step("store.damaged", "the blob is not what its name says").exception();
        }
        return new OpenedModel(
                Digest.ofText(placed.toString()),
                Scorer.open(model, folder.resolve("model-" + opened.get())));
    }

    @Override
    public void saw(String rollout, int step, Evidence evidence) {
        synchronized (seen) {
            seen.add(evidence);
        }
    }

    Evidence evidence() {
        synchronized (seen) {
            return seen.stream().reduce(Evidence.NONE, Evidence::plus);
        }
    }

    @Override
    public void tick(SmokeTest smoke) {
        // the test moves routes itself
    }

    URI address() {
        return server.address();
    }

    int port() {
        return server.address().getPort();
    }

    /** An answer. */
    record Answer(int status, HttpResponse<byte[]> response) {
        JsonNode json() {
            return JsonMapper.shared().readTree(response.body());
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(URI.create(address() + path)).GET());
    }

    Answer post(String path, String body, String... headers) {
        return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer post(String path, byte[] body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address() + path))
                        .POST(BodyPublishers.ofByteArray(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response =
                    client.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code {"inputs":[…]}} of these rows. */
    static String rows(int count) {
        String ages = "30" + ",30".repeat(count - 1);
        String colours = "\"red\"" + ",\"red\"".repeat(count - 1);
        return """
        {"inputs":[{"name":"age","datatype":"FP64","shape":[%d,1],"data":[%s]},\
        {"name":"colour","datatype":"BYTES","shape":[%d,1],"data":[%s]}]}\
        """
                .formatted(count, ages, count, colours);
    }

    /** Which version answers one row at an endpoint. */
    long answering(String endpoint, String... headers) {
        Answer answer = post("/v2/models/" + endpoint + "/infer", rows(1), headers);
        if (answer.status() != 200) {
            throw new AssertionError(answer.status() + " " + answer.text());
        }
        long version = Long.parseLong(answer.json().path("model_version").asString());
        double says = answer.json().at("/outputs/0/data/0").doubleValue();
        if (Math.abs(says - Math.max(1, version % 100) / 100.0) > 1e-6) {
            throw new AssertionError("version " + version + " says " + says);
        }
        return version;
    }

    /** Something that becomes true. */
    interface Condition {
        boolean holds();
    }

    static void await(Condition condition) {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 30 s");
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        server.close();
        endpoints.close();
        traffic.close();
        client.close();
    }
}

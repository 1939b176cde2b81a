package dev.weir.server.inference;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.model.Signature;
import dev.weir.ml.traffic.Outcome;
import dev.weir.ml.traffic.Traffic;
import dev.weir.server.Call;
import dev.weir.server.Door;
import dev.weir.stage.deploy.EndpointSettings;
import dev.weir.stage.deploy.LiveEndpoints;
import dev.weir.stage.deploy.Prediction;
import dev.weir.stage.deploy.Rows;
import dev.weir.stage.deploy.Visit;
import dev.weir.stage.deploy.rollout.plan.SplitKey;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Predictions over HTTP: the inference protocol, MLflow's scoring protocol, and the figures. */
public final class InferenceDoor implements Door {
    private static final String MODELS = "/v2/models/";
    private static final String ENDPOINTS = "/endpoints/";
    private static final String JSON_BYTES = "Inference-Header-Content-Length";
    private static final String PREDICTION_ID = "X-Weir-Prediction-Id";

    /** The protocol's words for an ONNX model. */
    private static final String PLATFORM = "onnx_onnxv1";

    private static final int MOST_OUTCOMES_BYTES = 16 << 20;

    private final LiveEndpoints endpoints;
    private final Traffic traffic;
    private final String version;

    /**
     * @param traffic where outcomes go
     * @param version Weir's, for the server's metadata
     */
    public InferenceDoor(LiveEndpoints endpoints, Traffic traffic, String version) {
        this.endpoints = endpoints;
        this.traffic = traffic;
        this.version = version;
    }

    @Override
    public boolean owns(String path) {
        return path.equals("/v2")
                || path.startsWith("/v2/")
                || path.startsWith(ENDPOINTS)
                || path.equals("/invocations")
                || path.equals("/ping")
                || path.equals("/metrics");
    }

    @Override
    public void answer(Call call) throws IOException {
        String path = call.path();
        try {
            if (path.startsWith(MODELS)) {
                ofModel(call, path.substring(MODELS.length()));
            } else if (path.startsWith(ENDPOINTS)) {
                ofEndpoint(call, path.substring(ENDPOINTS.length()));
            } else {
                ofServer(call, path);
            }
        } catch (ProblemException e) {
            Problem problem = e.problems().getFirst();
            int status = Status.of(problem);
            if (status == 429 || status == 503) {
                call.reply("Retry-After", "1");
            }
            call.abandonBody();
            refuse(call, status, problem.message());
        }
    }

    private void ofServer(Call call, String path) throws IOException {
        switch (path) {
            case "/v2" -> {
                ObjectNode json = object();
                json.put("name", "weir").put("version", version);
                json.putArray("extensions").add("binary_tensor_data");
                json(call, 200, json);
            }
            case "/v2/health/live" -> json(call, 200, object().put("live", true));
            case "/v2/health/ready" -> {
                boolean ready = endpoints.ready();
                json(call, ready ? 200 : 503, object().put("ready", ready).put("live", true));
            }
            case "/ping" -> {
                boolean ready = endpoints.ready();
                call.send(ready ? 200 : 503, "text/plain; charset=utf-8", new byte[] {'\n'});
            }
            case "/metrics" -> call.send(200, MetricsPage.TYPE, MetricsPage.of(endpoints.states()));
            case "/invocations" -> invocations(call, only());
            default -> throw nothingAt(path);
        }
    }

    private String only() {
        Set<String> names = endpoints.names();
        if (names.size() != 1) {
            throw Problem.input(
                            "endpoint.unknown",
                            "/invocations: %d endpoints are here (expected: one; else ask /endpoints/NAME/invocations)"
                                    .formatted(names.size()))
                    .exception();
        }
        return names.iterator().next();
    }

    private static RuntimeException nothingAt(String path) {
        return Problem.input("path.unknown", "nothing is at " + path).exception();
    }

    /** {@code NAME}, {@code NAME/ready}, {@code NAME/versions/3/infer} … */
    private void ofModel(Call call, String rest) throws IOException {
        int slash = rest.indexOf('/');
        String name = decoded(slash < 0 ? rest : rest.substring(0, slash));
        String tail = slash < 0 ? "" : rest.substring(slash + 1);
        Long pinned = null;
        if (tail.startsWith("versions/")) {
            int end = tail.indexOf('/', 9);
            String number = end < 0 ? tail.substring(9) : tail.substring(9, end);
            pinned = number(name, number);
            tail = end < 0 ? "" : tail.substring(end + 1);
        }
        switch (tail) {
            case "infer" -> {
                require(call, "POST");
                infer(call, name, pinned);
            }
            case "ready" -> ready(call, name, pinned);
            case "" -> {
                try (Visit visit = endpoints.enter(name, pinned)) {
                    json(call, 200, metadata(name, visit.signature()));
                }
            }
            default -> throw nothingAt(call.path());
        }
    }

    private static void require(Call call, String method) {
        if (!call.method().equals(method)) {
            throw Problem.input("method", "%s (expected: %s)".formatted(call.method(), method))
                    .exception();
        }
    }

    private long number(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Problem.input(
                            "version.unknown",
                            "%s: version %s (expected: a number)".formatted(name, text))
                    .exception();
        }
    }

    private static String decoded(String name) {
        if (name.indexOf('%') < 0) {
            return name;
        }
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw nothingAt(name);
        }
    }

    private void ready(Call call, String name, @Nullable Long pinned) {
        boolean ready = endpoints.ready(name, pinned);
        json(call, ready ? 200 : 503, object().put("name", name).put("ready", ready));
    }

    private ObjectNode metadata(String name, Signature signature) {
        ObjectNode json = object();
        json.put("name", name);
        ArrayNode versions = json.putArray("versions");
        endpoints.versions(name).forEach(each -> versions.add(Long.toString(each)));
        json.put("platform", PLATFORM);
        JsonNode tensors = signature.json();
        ArrayNode inputs = json.putArray("inputs");
        tensors.path("inputs").forEach(input -> inputs.add(tensor(input)));
        ArrayNode outputs = json.putArray("outputs");
        tensors.path("outputs").forEach(output -> outputs.add(tensor(output)));
        if (signature.decides()) {
            ObjectNode decision = outputs.addObject();
            decision.put("name", InferAnswer.decision(signature)).put("datatype", "BYTES");
            decision.putArray("shape").add(-1).add(1);
        }
        return json;
    }

    private static ObjectNode tensor(JsonNode from) {
        ObjectNode tensor = object();
        tensor.set("name", from.path("name"));
        tensor.set("datatype", from.path("datatype"));
        tensor.set("shape", from.path("shape"));
        return tensor;
    }

    private void infer(Call call, String name, @Nullable Long pinned) throws IOException {
        try (Visit visit = endpoints.enter(name, pinned)) {
            EndpointSettings settings = visit.settings();
            byte[] body = call.body(settings.mostBytes());
            Signature signature = visit.signature();
            InferRequest request =
                    InferRequest.read(
                            body, jsonBytes(call, body.length), signature, settings.mostRows());
            InferAnswer.check(request, signature);
            Prediction prediction = visit.predict(request.rows(), key(call, settings));
            InferAnswer.Body answer = InferAnswer.write(name, request, prediction);
            if (answer.jsonBytes() == answer.bytes().length) {
                call.json(200, answer.bytes());
            } else {
                call.reply(JSON_BYTES, Integer.toString(answer.jsonBytes()));
                call.send(200, "application/octet-stream", answer.bytes());
            }
        }
    }

    private static int jsonBytes(Call call, int all) {
        String told = call.header(JSON_BYTES).orElse("");
        if (told.isEmpty()) {
            return all;
        }
        try {
            int bytes = Integer.parseInt(told);
            if (bytes > 0 && bytes <= all) {
                return bytes;
            }
        } catch (NumberFormatException e) {
            // told below, as the value that it is
        }
        throw Problem.input(
                        "header",
                        "%s: %s (expected: 1 to %d, the size of the body)"
                                .formatted(JSON_BYTES, told, all))
                .exception();
    }

    private static @Nullable String key(Call call, EndpointSettings settings) {
        return settings.key() instanceof SplitKey.Header(String header)
                ? call.header(header).orElse(null)
                : null;
    }

    private void ofEndpoint(Call call, String rest) throws IOException {
        int slash = rest.indexOf('/');
        String name = decoded(slash < 0 ? rest : rest.substring(0, slash));
        switch (slash < 0 ? "" : rest.substring(slash + 1)) {
            case "invocations" -> invocations(call, name);
            case "outcomes" -> {
                require(call, "POST");
                outcomes(call, name);
            }
            default -> throw nothingAt(call.path());
        }
    }

    private void outcomes(Call call, String name) throws IOException {
        endpoints.require(name);
        List<Outcome> outcomes = OutcomesBody.read(call.body(MOST_OUTCOMES_BYTES));
        json(call, 200, OutcomesBody.answer(traffic.outcomes(name).add(outcomes)));
    }

    private void invocations(Call call, String name) throws IOException {
        require(call, "POST");
        try (Visit visit = endpoints.enter(name, null)) {
            EndpointSettings settings = visit.settings();
            Rows rows =
                    Invocation.read(
                            call.body(settings.mostBytes()),
                            call.header("Content-Type").orElse(""),
                            visit.signature(),
                            settings.mostRows());
            Prediction prediction = visit.predict(rows, key(call, settings));
            call.reply(PREDICTION_ID, prediction.id());
            call.json(200, Invocation.answer(prediction));
        }
    }

    /**
     * In the protocol's words: {@code {"error": …}}, of MLflow's scoring {@code error_code} too.
     */
    @Override
    public void refuse(Call call, int status, String why) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JsonMapper.shared().createGenerator(bytes)) {
            json.writeStartObject();
            if (call.path().endsWith("/invocations")) {
                json.writeStringProperty(
                        "error_code", status < 500 ? "BAD_REQUEST" : "INTERNAL_ERROR");
                json.writeStringProperty("message", why);
            } else {
                json.writeStringProperty("error", why);
            }
            json.writeEndObject();
        }
        call.json(status, bytes.toByteArray());
    }

    private static void json(Call call, int status, ObjectNode json) {
        call.json(status, JsonMapper.shared().writeValueAsBytes(json));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}

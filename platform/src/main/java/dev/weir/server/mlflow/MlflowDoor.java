package dev.weir.server.mlflow;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.tracking.ArtifactPath;
import dev.weir.ml.tracking.RunInfo;
import dev.weir.server.Call;
import dev.weir.server.Door;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The door for MLflow's clients: {@code /api/2.0/mlflow/…}, the same below {@code /ajax-api} and as
 * {@code 3.0}, and {@code /version}; all of it also below {@code /workspaces/NAME}.
 */
public final class MlflowDoor implements Door {
    /** What clients take the server for: they parse it, and choose their calls by it. */
    private static final String VERSION = "3.6.0";

    private static final List<String> ROOTS = List.of("/api/", "/ajax-api/");
    private static final List<String> EDITIONS = List.of("2.0/", "3.0/");
    private static final String MLFLOW = "mlflow/";
    private static final String ARTIFACTS = "mlflow-artifacts/artifacts";
    private static final String MULTIPART = "mlflow-artifacts/mpu/";
    private static final String RUN_ARTIFACT = "/get-artifact";
    private static final String SPANS = "/v1/traces";

    static final byte[] EMPTY = bytes("{}");

    /** Parts of MLflow that are not served yet, and say so. */
    private static final List<String> LATER =
            List.of("traces", "unified-traces", "webhooks", "scorers", "datasets", "gateway-proxy");

    private final Function<String, Optional<Workspace>> workspaces;
    private final Routes routes = new Routes();
    private final ArtifactProxy artifacts = new ArtifactProxy();

    /**
     * @param workspaces the services for the workspace of this name, if there is one
     */
    public MlflowDoor(Function<String, Optional<Workspace>> workspaces) {
        this.workspaces = workspaces;
        new ExperimentCalls().routes(routes);
        new RunCalls().routes(routes);
        new SearchCalls().routes(routes);
        new MetricCalls().routes(routes);
        new ArtifactCalls().routes(routes);
        new ModelCalls().routes(routes);
        new VersionCalls().routes(routes);
        new LoggedModelCalls().routes(routes);
    }

    @Override
    public boolean owns(String whole) {
        String path = WorkspacePath.of(whole).path();
        return path.equals("/version")
                || path.equals(RUN_ARTIFACT)
                || path.equals(SPANS)
                || path.startsWith(ROOTS.getFirst())
                || path.startsWith(ROOTS.getLast());
    }

    @Override
    public void answer(Call call) throws IOException {
        WorkspacePath where = WorkspacePath.of(call.path());
        String path = where.path();
        if (path.equals("/version")) {
            call.send(200, "text/plain; charset=utf-8", bytes(VERSION));
            return;
        }
        try {
            answer(call, where, withoutEdition(path));
        } catch (MlflowException e) {
            error(call, e.code(), String.valueOf(e.getMessage()));
        } catch (ProblemException e) {
            Problem problem = e.problems().getFirst();
            ErrorCode code = ErrorCode.of(problem);
            String hint =
                    code == ErrorCode.PERMISSION_DENIED && problem.hint() != null
                            ? " " + problem.hint()
                            : "";
            error(call, code, problem.message() + hint);
        }
    }

    private void answer(Call call, WorkspacePath where, String path) throws IOException {
        Workspace workspace = workspace(call, where);
        if (path.startsWith(ARTIFACTS + "/")) {
            String file = decoded(path.substring(ARTIFACTS.length() + 1));
            artifacts.answer(workspace, call, new ArtifactPath(file));
            return;
        }
        if (path.equals(ARTIFACTS)) {
            Asked asked = Asked.of(workspace, call, "");
            reply(call, ArtifactProxy.list(workspace, new ArtifactPath(asked.textOr("path", ""))));
            return;
        }
        if (path.equals(RUN_ARTIFACT)) {
            ofRun(workspace, call);
            return;
        }
        if (path.equals(SPANS)) {
            throw notServed("traces");
        }
        if (path.startsWith(MULTIPART)) {
            throw new MlflowException(
                    ErrorCode.NOT_IMPLEMENTED,
                    "Multipart upload is for object stores; one PUT takes a file of any size.");
        }
        if (!path.startsWith(MLFLOW)) {
            throw noEndpoint(call);
        }
        String endpoint = path.substring(MLFLOW.length());
        Routes.Found found =
                routes.find(call.method(), endpoint)
                        .orElseThrow(
                                () -> later(endpoint) ? notServed(endpoint) : noEndpoint(call));
        reply(call, found.endpoint().apply(Asked.of(workspace, call, decoded(found.rest()))));
    }

    /** {@code /get-artifact?run_id=RUN&path=PATH}, as browsers ask. */
    private void ofRun(Workspace in, Call call) throws IOException {
        Asked asked = Asked.of(in, call, "");
        String path = asked.text("path");
        RunInfo run = in.read(tx -> in.tracking().run(tx, asked.runId())).info();
        artifacts.download(in, call, ArtifactCalls.ofRun(run).child(path));
    }

    private static void reply(Call call, Answer answer) {
        if (answer == Answer.EMPTY) { // to most that is logged
            call.json(200, EMPTY);
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JsonMapper.shared().createGenerator(bytes)) {
            json.writeStartObject();
            answer.write(json);
            json.writeEndObject();
        }
        call.json(200, bytes.toByteArray());
    }

    private Workspace workspace(Call call, WorkspacePath where) {
        String name =
                where.or(call.header("X-MLFLOW-WORKSPACE").filter(n -> !n.isBlank()).orElse(""));
        return workspaces
                .apply(name)
                .orElseThrow(
                        () ->
                                MlflowException.unknown(
                                        "Workspace with name=" + name + " not found"));
    }

    /** {@code /ajax-api/2.0/mlflow/runs/get}: {@code mlflow/runs/get}; else the path as it is. */
    private static String withoutEdition(String path) {
        for (String root : ROOTS) {
            for (String edition : EDITIONS) {
                if (path.startsWith(root + edition)) {
                    return path.substring(root.length() + edition.length());
                }
            }
        }
        return path;
    }

    private static String decoded(String rest) {
        try {
            return URLDecoder.decode(rest.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw MlflowException.invalid("Path: " + rest + " (expected: percent-encoded UTF-8)");
        }
    }

    private static boolean later(String endpoint) {
        return LATER.stream().anyMatch(endpoint::startsWith);
    }

    private static MlflowException notServed(String endpoint) {
        return new MlflowException(
                ErrorCode.NOT_IMPLEMENTED, "Weir does not serve " + endpoint + " yet.");
    }

    private static MlflowException noEndpoint(Call call) {
        return new MlflowException(
                ErrorCode.ENDPOINT_NOT_FOUND,
                "No endpoint is at " + call.method() + " " + call.path());
    }

    @Override
    public void refuse(Call call, int status, String why) {
        error(
                call,
                switch (status) {
                    case 401 -> ErrorCode.UNAUTHENTICATED;
                    case 403 -> ErrorCode.PERMISSION_DENIED;
                    default -> ErrorCode.INTERNAL_ERROR;
                },
                why);
    }

    private static void error(Call call, ErrorCode code, String message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JsonMapper.shared().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringProperty("error_code", code.name());
            json.writeStringProperty("message", message);
            json.writeEndObject();
        }
        call.json(code.status(), bytes.toByteArray());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

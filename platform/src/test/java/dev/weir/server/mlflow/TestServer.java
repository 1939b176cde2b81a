package dev.weir.server.mlflow;

import dev.weir.app.Wiring;
import dev.weir.cli.Services;
import dev.weir.project.Project;
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.TestDatabases;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** A server over an empty home, as {@code weir serve} starts one, and a plain client of it. */
final class TestServer implements AutoCloseable {
    private final Services.Served served;
    private final HttpClient client = HttpClient.newHttpClient();

    private TestServer(Services.Served served) {
        this.served = served;
    }

    static TestServer start(Path home, Dialect dialect) {
        return start(home, TestDatabases.freshUrl(dialect), Optional.empty());
    }

    static TestServer start(Path home, String database, Optional<Path> tokenFile) {
        return new TestServer(
                new Wiring(home)
                        .serve(
                                new Services.Listening(
                                        Project.bare(home, database), "127.0.0.1", 0, tokenFile)));
    }

    /** Serves the home of the project in this folder. */
    static TestServer ofProject(Path folder) {
        return new TestServer(
                new Wiring(folder)
                        .serve(
                                new Services.Listening(
                                        Project.around(folder), "127.0.0.1", 0, Optional.empty())));
    }

    URI address() {
        return served.address();
    }

    /** An answer. */
    record Answer(int status, String contentType, byte[] body) {
        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String errorCode() {
            return json().path("error_code").asString("");
        }

        String message() {
            return json().path("message").asString("");
        }
    }

    /** Sends bytes to a path. */
    Answer send(String method, String path, byte[] body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address() + path))
                        .method(
                                method,
                                body.length == 0
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(
                    answer.statusCode(),
                    answer.headers().firstValue("Content-Type").orElse(""),
                    answer.body());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer post(String endpoint, JsonNode body) {
        return send(
                "POST",
                "/api/2.0/mlflow/" + endpoint,
                body.toString().getBytes(StandardCharsets.UTF_8));
    }

    Answer get(String endpointAndQuery) {
        return send("GET", "/api/2.0/mlflow/" + endpointAndQuery, new byte[0]);
    }

    /** {@code object("run_id", id, "key", "x")}. */
    static ObjectNode object(String... pairs) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < pairs.length; i += 2) {
            object.put(pairs[i], pairs[i + 1]);
        }
        return object;
    }

    String experiment(String name) {
        return post("experiments/create", object("name", name))
                .json()
                .path("experiment_id")
                .asString();
    }

    String run(String experiment) {
        return post("runs/create", object("experiment_id", experiment))
                .json()
                .at("/run/info/run_id")
                .asString();
    }

    @Override
    public void close() {
        served.close();
        client.close();
    }
}

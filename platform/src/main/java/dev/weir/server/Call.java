package dev.weir.server;

import dev.weir.base.problem.Problem;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One request, and the way to its answer. Used by one thread. */
public final class Call {
    private static final int SMALL_BODY = 1 << 18;

    private static final Header JSON =
            HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/json");

    private final ServerRequest request;
    private final ServerResponse response;
    private boolean abandoned;

    Call(ServerRequest request, ServerResponse response) {
        this.request = request;
        this.response = response;
    }

    /** {@code GET}, {@code POST} … */
    public String method() {
        return request.prologue().method().text();
    }

    /** The path as it was sent, percent-encoded. */
    public String path() {
        return request.prologue().uriPath().rawPath();
    }

    /**
     * The parameters after the question mark, decoded, by name, in their order.
     *
     * @throws dev.weir.base.problem.ProblemException where they are not percent-encoded UTF-8
     */
    public Map<String, List<String>> query() {
        Map<String, List<String>> query = new LinkedHashMap<>();
        String raw = request.query().rawValue();
        if (raw.isEmpty()) {
            return query;
        }
        for (String pair : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            query.computeIfAbsent(decoded(name), n -> new ArrayList<>()).add(decoded(value));
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.input("query", "query: " + text + " (expected: percent-encoded UTF-8)")
                    .exception(e);
        }
    }

    /** A header of the request, if it was sent. */
    public Optional<String> header(String name) {
        return header(HeaderNames.create(name));
    }

    Optional<String> header(HeaderName name) {
        return request.headers().contains(name) ? request.headers().first(name) : Optional.empty();
    }

    /** The size of the body in bytes, where the client told it. */
    public OptionalLong contentLength() {
        return request.headers().contentLength();
    }

    /** The body, as it comes in. */
    public InputStream content() {
        return request.content().hasEntity()
                ? request.content().inputStream()
                : InputStream.nullInputStream();
    }

    /**
     * The whole body.
     *
     * @param most how many bytes it may have
     * @throws dev.weir.base.problem.ProblemException {@code body.size}, where it has more; the
     *     connection is closed with the answer, so that nobody waits for the rest
     */
    public byte[] body(int most) throws IOException {
        if (contentLength().orElse(0) > most) {
            throw tooLarge(most);
        }
        long told = contentLength().orElse(Long.MAX_VALUE);
        if (told <= SMALL_BODY) { // a large one takes memory only as it comes
            byte[] body = new byte[(int) told];
            int read = content().readNBytes(body, 0, body.length);
            return read == body.length ? body : Arrays.copyOf(body, read);
        }
        byte[] body = content().readNBytes(most + 1);
        if (body.length > most) {
            throw tooLarge(most);
        }
        return body;
    }

    private RuntimeException tooLarge(int most) {
        abandoned = true;
        return Problem.input(
                        "body.size",
                        "request body: more than " + most + " bytes (expected: at most so many)")
                .exception();
    }

    /** Has the connection closed after the answer: the rest of the body is not read. */
    public void abandonBody() {
        abandoned |= request.content().hasEntity();
    }

    boolean abandoned() {
        return abandoned;
    }

    /** A header of the answer. */
    public Call reply(String name, String value) {
        response.header(HeaderValues.create(name, value));
        return this;
    }

    /** Answers with JSON. */
    public void json(int status, byte[] json) {
        begin(status).header(JSON);
        response.send(json);
    }

    private ServerResponse begin(int status) {
        return abandoned
                ? response.status(Status.create(status)).header(HeaderValues.CONNECTION_CLOSE)
                : response.status(Status.create(status));
    }

    /** Answers with text or bytes of some type. */
    public void send(int status, String contentType, byte[] bytes) {
        begin(status);
        reply("Content-Type", contentType);
        response.send(bytes);
    }

    /** Answers with what is written to the stream; to be closed. */
    public OutputStream stream(int status, String contentType) {
        begin(status);
        reply("Content-Type", contentType);
        return response.outputStream();
    }

    /** Whether an answer is on its way, so that no other can be given. */
    public boolean answered() {
        return response.isSent();
    }
}

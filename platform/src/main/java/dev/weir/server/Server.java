package dev.weir.server;

import dev.weir.base.problem.Problem;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A server that listens, from its start until it is closed. */
public final class Server implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Server.class.getName());

    /** How long requests that are being answered may still take when it is closed. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final Duration IDLE = Duration.ofMinutes(10);

    private final List<Door> doors;
    private final Guests guests;
    private final WebServer web;

    private Server(ListenAddress at, Guests guests, List<Door> doors) {
        this.doors = List.copyOf(doors);
        this.guests = guests;
        this.web =
                WebServer.builder()
                        .address(at.inet())
                        .port(at.port())
                        .shutdownHook(false)
                        .shutdownGracePeriod(GRACE)
                        .idleConnectionTimeout(IDLE)
                        .connectionOptions(options -> options.tcpNoDelay(true))
                        .protocolsDiscoverServices(false)
                        .addConnectionSelector(new OwnThreads())
                        .addRouting(HttpRouting.builder().any(this::answer))
                        .build();
    }

    /**
     * Starts to listen.
     *
     * @param token what lets clients in; without one, the address must be a loopback address
     * @throws dev.weir.base.problem.ProblemException {@code listen.open}, where a token is missing;
     *     {@code listen.port}, where the port is taken
     */
    public static Server start(ListenAddress at, Optional<AccessToken> token, List<Door> doors) {
        if (token.isEmpty() && !at.isLoopback()) {
            throw Problem.refused(
                            "listen.open",
                            "host: "
                                    + at.host()
                                    + " lets the whole network in (expected: 127.0.0.1, or a"
                                    + " token)")
                    .hint("Give it a secret: --token-file FILE")
                    .exception();
        }
        Server server = new Server(at, new Guests(token), doors);
        server.web.start();
        if (!server.web.isRunning()) { // Helidon logs why it does not listen, and throws nothing
            throw Problem.refused(
                            "listen.port",
                            "cannot listen on %s:%d (expected: a free port of this machine)"
                                    .formatted(at.host(), at.port()))
                    .hint("Another program listens there; take another one: --port N")
                    .exception();
        }
        return server;
    }

    /** Where it listens: {@code http://127.0.0.1:8700}. */
    public URI address() {
        String host = web.prototype().address().getHostAddress();
        return URI.create(
                "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + web.port());
    }

    private void answer(ServerRequest request, ServerResponse response) {
        Call call = new Call(request, response);
        try {
            route(call);
        } catch (IOException | UncheckedIOException e) {
            LOG.log(System.Logger.Level.DEBUG, "client gone", e);
            throw new CloseConnectionException("client gone", e);
        }
        // Helidon 4.5 says that it closes the connection, and does not (its issue 12324).
        if (call.abandoned()
                || request.headers().contains(HeaderNames.CONNECTION)
                        && request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
            throw new CloseConnectionException("Connection: close");
        }
    }

    private void route(Call call) throws IOException {
        String path = call.path();
        if (path.equals("/health")) {
            call.send(200, "text/plain; charset=utf-8", bytes("OK"));
            return;
        }
        for (Door door : doors) {
            if (door.owns(path)) {
                Optional<Guests.Refusal> refusal = guests.refusal(call);
                if (refusal.isPresent()) {
                    refuse(call, door, refusal.get());
                } else {
                    guarded(call, door);
                }
                return;
            }
        }
        call.send(
                404,
                "application/problem+json",
                bytes("{\"status\":404,\"title\":\"Nothing is at this address\"}"));
    }

    private static void refuse(Call call, Door door, Guests.Refusal refusal) throws IOException {
        if (refusal.status() == 401) {
            call.reply("WWW-Authenticate", "Basic realm=\"weir\"");
        }
        call.abandonBody();
        door.refuse(call, refusal.status(), refusal.why());
    }

    /** A defect ends the request that met it, and nothing else. */
    private static void guarded(Call call, Door door) throws IOException {
        try {
            door.answer(call);
        } catch (UncheckedIOException e) {
            throw e;
        } catch (DataReader.InsufficientDataAvailableException e) {
            throw new IOException("client gone in the middle of its request", e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            LOG.log(System.Logger.Level.ERROR, call.method() + " " + call.path(), e);
            call.abandonBody();
            if (!call.answered()) {
                door.refuse(call, 500, "A defect of Weir; its log tells more.");
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Stops to listen, and waits for the requests that are being answered. */
    @Override
    public void close() {
        web.stop();
    }
}

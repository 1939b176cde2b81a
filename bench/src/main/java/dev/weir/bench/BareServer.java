package dev.weir.bench;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;

/**
 * The floor of an inference server: Helidon alone. {@code POST /echo} gives the body back; {@code
 * POST /parse} walks over its JSON first; {@code GET /allocated} tells the bytes that were
 * allocated so far. Prints its port.
 */
final class BareServer {
    private static final JsonFactory JSON = new JsonFactory();

    private BareServer() {}

    public static void main(String[] arguments) throws Exception {
        WebServer server =
                WebServer.builder()
                        .address(InetAddress.getLoopbackAddress())
                        .port(0)
                        .connectionOptions(options -> options.tcpNoDelay(true))
                        .addRouting(
                                HttpRouting.builder()
                                        .post(
                                                "/echo",
                                                (request, response) ->
                                                        response.send(
                                                                request.content().as(byte[].class)))
                                        .post(
                                                "/parse",
                                                (request, response) -> {
                                                    byte[] body =
                                                            request.content().as(byte[].class);
                                                    walk(body);
                                                    response.send(body);
                                                })
                                        .get(
                                                "/allocated",
                                                (request, response) ->
                                                        response.send(Long.toString(allocated()))))
                        .build()
                        .start();
        System.out.println(server.port());
        new CountDownLatch(1).await();
    }

    private static void walk(byte[] body) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            while (json.nextToken() != null) {
                if (json.currentToken().isNumeric()) {
                    json.getDoubleValue();
                } else {
                    json.getString();
                }
            }
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getTotalThreadAllocatedBytes();
    }
}

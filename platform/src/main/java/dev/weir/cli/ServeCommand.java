package dev.weir.cli;

import dev.weir.project.Project;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** {@code weir serve}. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Serves a home over HTTP: its endpoints, by the Open Inference Protocol and by MLflow's"
                + " scoring protocol, and its runs and models to MLflow's clients: set"
                + " MLFLOW_TRACKING_URI=http://127.0.0.1:8700. Ends with Ctrl-C or SIGTERM, after"
                + " the requests that are being answered.",
            "Exit code: 0 or 130 ended as it was asked to, 2 the address or the home is wrong, 4"
                    + " refused: the port is taken, or it would let the network in without a token."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir serve",
            "  weir serve --home /srv/weir --port 9000",
            "  weir serve --host 0.0.0.0 --token-file /etc/weir/token"
        })
final class ServeCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description =
                    "The home to serve, made where there is none (default: that of the project"
                            + " here).")
    @Nullable Path home;

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "Where the tables are: jdbc:postgresql:… (default: in the home).")
    @Nullable String database;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "The address to listen on (default: ${DEFAULT-VALUE}).")
    String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8700",
            description = "The port to listen on; 0 takes a free one (default: ${DEFAULT-VALUE}).")
    int port = 8700;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "Lets in only who has this secret, as bearer token or as Basic's password.")
    @Nullable Path tokenFile;

    ServeCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Services.Listening listening =
                new Services.Listening(
                        project(),
                        host,
                        port,
                        Optional.ofNullable(tokenFile).map(services.folder()::resolve));
        try (AutoCloseable interruption =
                services.whenInterrupted(
                        () -> {
                            asked.countDown();
                            awaitUninterrupted(ended);
                        })) {
            serveUntil(asked, listening);
            ended.countDown(); // before the interruption is closed: that waits for who waits for it
        } finally {
            ended.countDown();
        }
        return 0;
    }

    private void serveUntil(CountDownLatch asked, Services.Listening listening)
            throws InterruptedException {
        try (Services.Served served = services.serve(listening)) {
            tell(served);
            asked.await();
        }
    }

    private Project project() {
        Path folder = home;
        if (folder == null) {
            Project around = Common.project(services);
            return database == null ? around : around.withDatabase(database);
        }
        return Project.bare(services.folder().resolve(folder).normalize(), database);
    }

    private void tell(Services.Served served) {
        if (common.json) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("address", served.address().toString());
            served.endpoints().forEach(json.putArray("endpoints")::add);
            screen.json(json);
        } else {
            screen.say("Listening on " + screen.bold(served.address().toString()));
            screen.say(screen.dim("  MLFLOW_TRACKING_URI=" + served.address()));
            for (String endpoint : served.endpoints()) {
                screen.say(
                        "  "
                                + screen.bold(endpoint)
                                + "  "
                                + served.address()
                                + "/v2/models/"
                                + endpoint);
            }
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

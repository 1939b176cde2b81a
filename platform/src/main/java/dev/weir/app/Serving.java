package dev.weir.app;

import dev.weir.cli.Services;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.gate.Verdicts;
import dev.weir.ml.registry.Policies;
import dev.weir.ml.registry.Promotions;
import dev.weir.ml.registry.Registry;
import dev.weir.ml.registry.RegistryEdits;
import dev.weir.ml.registry.RunModels;
import dev.weir.ml.tracking.Artifacts;
import dev.weir.ml.tracking.Experiments;
import dev.weir.ml.tracking.LoggedModels;
import dev.weir.ml.tracking.MetricIntake;
import dev.weir.ml.tracking.Tracking;
import dev.weir.ml.traffic.PredictionIds;
import dev.weir.ml.traffic.Traffic;
import dev.weir.project.Home;
import dev.weir.project.ServedModels;
import dev.weir.server.AccessToken;
import dev.weir.server.ListenAddress;
import dev.weir.server.Server;
import dev.weir.server.inference.InferenceDoor;
import dev.weir.server.mlflow.MlflowDoor;
import dev.weir.server.mlflow.Workspace;
import dev.weir.stage.deploy.LiveEndpoints;
import dev.weir.stage.deploy.rollout.Deployments;
import dev.weir.stage.deploy.rollout.Endpoint;
import dev.weir.stage.deploy.rollout.Endpoints;
import dev.weir.stage.deploy.rollout.RolloutCarrier;
import dev.weir.store.meta.GroupCommit;
import dev.weir.store.meta.Intake;
import dev.weir.store.meta.Workspaces;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** A home with a server before it, wired; ends both. */
final class Serving implements Services.Served {
    private static final System.Logger LOG = System.getLogger(Serving.class.getName());

    /** Helidon tells of its starts and features through it; kept, since loggers are weakly held. */
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    /** Tells with traces that a port is taken, which is told here in words. */
    private static final Logger STARTS = Logger.getLogger("io.helidon.webserver.LoomServer");

    private final Home home;
    private final Policies policies;

    /** Those that were asked for; a workspace is never removed. */
    private final Map<String, Workspace> workspaces = new ConcurrentHashMap<>();

    private final Path scratch;
    private final Traffic traffic;
    private final LiveEndpoints endpoints;
    private final Server server;

    Serving(Home home, Services.Listening listening) {
        this.home = home;
        this.policies = listening.project().promotion();
        HELIDON.setLevel(Level.WARNING);
        STARTS.setLevel(Level.OFF);
        GroupCommit writers = new GroupCommit(home.database());
        this.scratch = scratch(home);
        this.traffic =
                new Traffic(home.root(), home.workspace(), new DuckDb(scratch, 1), home.clock());
        this.endpoints =
                new LiveEndpoints(
                        new ServedModels(home, scratch),
                        traffic,
                        PredictionIds.of(home.clock()),
                        home.clock());
        try {
            // Where another process of this home appends, metrics are written as all else is.
            home.database().intake().ifPresent(Intake::own);
            this.server =
                    Server.start(
                            new ListenAddress(listening.host(), listening.port()),
                            listening.tokenFile().map(AccessToken::read),
                            List.of(
                                    new InferenceDoor(endpoints, traffic, Main.version()),
                                    new MlflowDoor(name -> workspace(name, writers))));
        } catch (RuntimeException e) {
            endServing();
            throw e;
        }
    }

    private static Path scratch(Home home) {
        try {
            return Files.createTempDirectory("weir-serve-");
        } catch (IOException e) {
            home.close();
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Workspace> workspace(String asked, GroupCommit writers) {
        String name = asked.isEmpty() ? home.workspace() : asked;
        Workspace known = workspaces.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        return name.equals(home.workspace()) || Workspaces.known(home.database(), name)
                ? Optional.of(workspaces.computeIfAbsent(name, n -> workspaceOf(n, writers)))
                : Optional.empty();
    }

    private Workspace workspaceOf(String name, GroupCommit writers) {
        Verdicts verdicts = new Verdicts(name, home.ledger(), home.clock(), home.ids());
        Registry registry =
                new Registry(name, home.ledger(), verdicts, policies, home.clock(), home.ids());
        Tracking tracking = new Tracking(name, home.clock());
        return new Workspace(
                name,
                home.database(),
                writers,
                tracking,
                home.database().intake().map(intake -> new MetricIntake(name, tracking, intake)),
                new Experiments(name, home.clock()),
                new Artifacts(name, home.clock()),
                new LoggedModels(name, home.clock()),
                registry,
                new RegistryEdits(name, registry, home.ledger(), home.clock()),
                new RunModels(registry, home.trees()),
                promotions(name, registry, verdicts),
                home.blobs(),
                home.actor(),
                home.clock(),
                home.ids());
    }

    /** The project's own workspace has its rollouts; no project tells of endpoints of another. */
    private Promotions promotions(String workspace, Registry registry, Verdicts verdicts) {
        return workspace.equals(home.workspace())
                ? home.promotions()
                : new Promotions(
                        workspace,
                        registry,
                        verdicts,
                        policies,
                        new RolloutCarrier(
                                workspace,
                                new Endpoints(workspace, registry, home.ledger(), home.clock()),
                                registry,
                                Deployments.UNKNOWN,
                                home.ledger(),
                                home.clock(),
                                home.ids()),
                        home.ledger(),
                        home.clock(),
                        home.ids());
    }

    @Override
    public URI address() {
        return server.address();
    }

    @Override
    public List<String> endpoints() {
        return home.database().read(home.endpoints()::all).stream().map(Endpoint::name).toList();
    }

    @Override
    public void close() {
        server.close();
        endServing();
    }

    private void endServing() {
        endpoints.close();
        traffic.close();
        home.close();
        try (Stream<Path> files = Files.walk(scratch)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "scratch files stay", e);
        }
    }
}

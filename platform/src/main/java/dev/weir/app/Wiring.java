package dev.weir.app;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Kind;
import dev.weir.base.problem.Problem;
import dev.weir.cli.Services;
import dev.weir.ml.data.Datasets;
import dev.weir.ml.gate.Verdicts;
import dev.weir.ml.registry.Promotions;
import dev.weir.ml.registry.Registry;
import dev.weir.ml.tracking.MetricIntake;
import dev.weir.ml.tracking.Tracking;
import dev.weir.pipeline.ProcessIdentity;
import dev.weir.project.Doctor;
import dev.weir.project.Home;
import dev.weir.project.Project;
import dev.weir.project.Runtime;
import dev.weir.stage.deploy.rollout.Endpoints;
import dev.weir.stage.deploy.rollout.RolloutCarrier;
import dev.weir.stage.deploy.rollout.Rollouts;
import dev.weir.store.blob.LocalBlobStore;
import dev.weir.store.blob.Trees;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.FileDigests;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Workspaces;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where everything is wired: one line for each service, by constructors. */
public final class Wiring implements Services {
    /** What a trainer's class path is made of; the rest of Weir decides no model. */
    private static final List<String> TRAINER =
            List.of(
                    "weir-platform",
                    "duckdb",
                    "xgboost4j",
                    "kryo",
                    "minlog",
                    "objenesis",
                    "reflectasm",
                    "commons-logging",
                    "jackson",
                    "onnxruntime",
                    "slf4j",
                    "jspecify");

    private static final int OLDEST_JDK = 25;

    private final Path folder;
    private final Clock clock;
    private final Optional<Actor> acting;

    /** For a person who is in this folder. */
    public Wiring(Path folder) {
        this(folder, Clock.systemUTC());
    }

    /** For a person who is in this folder, at this clock's time. */
    public Wiring(Path folder, Clock clock) {
        this(folder, clock, Optional.empty());
    }

    /**
     * The same, on behalf of somebody.
     *
     * @param acting who acts; where it is not given, who the environment says
     */
    public Wiring(Path folder, Clock clock, Optional<Actor> acting) {
        this.folder = folder;
        this.clock = clock;
        this.acting = acting;
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Services in(Path other) {
        return new Wiring(other, clock, acting);
    }

    @Override
    public String version() {
        return Main.version();
    }

    @Override
    public Runtime runtime() {
        Optional<AppDirectory> app = AppDirectory.running();
        return new Runtime(
                version(),
                System.getProperty("java.runtime.version"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                libraries(app),
                app.map(AppDirectory::root),
                Machine.fingerprint());
    }

    private static SortedMap<String, Digest> libraries(Optional<AppDirectory> app) {
        SortedMap<String, Digest> libraries = new TreeMap<>();
        try {
            if (app.isPresent()) {
                libraries.putAll(app.get().digests());
            } else {
                for (String entry : System.getProperty("java.class.path").split(":")) {
                    Path jar = Path.of(entry);
                    if (entry.endsWith(".jar") && Files.isRegularFile(jar)) {
                        libraries.put("lib/" + jar.getFileName(), Digest.ofFile(jar));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        libraries.keySet().removeIf(name -> TRAINER.stream().noneMatch(name::contains));
        return libraries;
    }

    @Override
    public List<Doctor.Finding> ownHealth() {
        List<Doctor.Finding> findings = new ArrayList<>();
        findings.add(jdk());
        AppDirectory.running().map(Wiring::appDirectory).ifPresent(findings::add);
        try {
            findings.addAll(NativeProbe.findings());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Kind.CANCELLED, "doctor.interrupted", "interrupted", null, null)
                    .exception(e);
        }
        return findings;
    }

    private static Doctor.Finding jdk() {
        String version = java.lang.Runtime.version() + ", " + System.getProperty("java.vendor");
        return java.lang.Runtime.version().feature() < OLDEST_JDK
                ? Doctor.Finding.fail("JDK", version, "Install JDK 25, or set WEIR_JAVA_HOME.")
                : Doctor.Finding.ok("JDK", version);
    }

    private static Doctor.Finding appDirectory(AppDirectory app) {
        try {
            List<String> damaged = app.damaged();
            return damaged.isEmpty()
                    ? Doctor.Finding.ok("application", app.root() + ", whole")
                    : Doctor.Finding.fail(
                            "application",
                            app.root() + ", damaged: " + String.join(", ", damaged),
                            "Remove that folder: the next call of weir makes it again.");
        } catch (IOException e) {
            return Doctor.Finding.fail(
                    "application",
                    app.root() + ", cannot be read: " + e.getMessage(),
                    "Remove that folder: the next call of weir makes it again.");
        }
    }

    @Override
    public Home home(Project project) {
        try {
            Files.createDirectories(project.home());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String workspace = project.workspace();
        String url =
                Objects.requireNonNullElse(
                        project.database(), "jdbc:sqlite:" + project.home().resolve("weir.db"));
        Ids ids = Ids.of(clock);
        Database database = Database.open(url, MetricIntake::carry);
        if (!workspace.equals(Workspaces.DEFAULT)) {
            Workspaces.open(database, workspace, actor().toString(), clock);
        }
        LocalBlobStore blobs = LocalBlobStore.open(project.home().resolve("blobs"), clock);
        Ledger ledger = new Ledger(clock, ids);
        Verdicts verdicts = new Verdicts(workspace, ledger, clock, ids);
        Registry registry =
                new Registry(workspace, ledger, verdicts, project.promotion(), clock, ids);
        Endpoints endpoints = new Endpoints(workspace, registry, ledger, clock);
        Promotions promotions =
                new Promotions(
                        workspace,
                        registry,
                        verdicts,
                        project.promotion(),
                        new RolloutCarrier(
                                workspace,
                                endpoints,
                                registry,
                                project.deployments(),
                                ledger,
                                clock,
                                ids),
                        ledger,
                        clock,
                        ids);
        return new Home(
                project.home(),
                workspace,
                actor(),
                database,
                blobs,
                new Trees(blobs),
                new FileDigests(database, clock),
                ledger,
                new Tracking(workspace, clock),
                verdicts,
                new Datasets(workspace, ledger, verdicts, clock),
                registry,
                promotions,
                endpoints,
                new Rollouts(workspace, endpoints, promotions, ledger, clock),
                project.within(Machine.resources()),
                ProcessIdentity.current(),
                clock,
                ids);
    }

    @Override
    public Served serve(Listening listening) {
        return new Serving(home(listening.project()), listening);
    }

    /** Who acts: {@code WEIR_ACTOR} ({@code service:ci}), else the person at this account. */
    private Actor actor() {
        return acting.orElseGet(() -> actor(System.getenv("WEIR_ACTOR")));
    }

    /** The actor that the environment names. */
    static Actor actor(@Nullable String named) {
        if (named == null || named.isBlank()) {
            return Actor.person(System.getProperty("user.name"));
        }
        try {
            return Actor.parse(named.strip());
        } catch (IllegalArgumentException e) {
            throw Problem.input("actor", "WEIR_ACTOR: " + e.getMessage())
                    .hint("For example person:anna or service:ci.")
                    .exception(e);
        }
    }

    @Override
    public AutoCloseable whenInterrupted(Runnable action) {
        Thread hook = Thread.ofPlatform().name("weir-interrupt").unstarted(action);
        java.lang.Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            try {
                java.lang.Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                hook.join(); // the person has pressed Ctrl-C, and the hook is at work
            }
        };
    }
}

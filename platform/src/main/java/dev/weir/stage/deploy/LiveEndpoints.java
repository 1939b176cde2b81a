package dev.weir.stage.deploy;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.registry.VersionRef;
import dev.weir.ml.traffic.PredictionIds;
import dev.weir.ml.traffic.PredictionLog;
import dev.weir.ml.traffic.Traffic;
import dev.weir.stage.deploy.rollout.Route;
import dev.weir.stage.deploy.rollout.SmokeTest;
import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.stage.deploy.rollout.evidence.EvidenceRecorder;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The endpoints of a home, as they answer now. One thread looks again and again whether something
 * is to be behind them that is not, another lets rollouts go on, others open the versions that are
 * missing, and requests see one {@link Routing} after another.
 *
 * <p>A version takes its place when it has answered a real prediction. Until then, and where it
 * cannot, what was there before stays.
 */
public final class LiveEndpoints implements SmokeTest, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LiveEndpoints.class.getName());

    /** So often it looks: what one process changes, all see within 100 ms. */
    private static final Duration LOOK = Duration.ofMillis(25);

    /** So often it writes down what was seen, and lets rollouts go on. */
    private static final Duration DRIVE = Duration.ofMillis(100);

    private static final Duration AGAIN = Duration.ofSeconds(10);
    private static final long MICROS = 1_000_000;

    private final Behind behind;
    private final Traffic traffic;
    private final PredictionIds ids;
    private final Clock clock;
    private final List<Thread> threads;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Guards what follows: one thread at a time changes what is open. */
    private final ReentrantLock changing = new ReentrantLock();

    private final Map<Placed, LiveVersion> open = new HashMap<>();
    private final Set<Placed> opening = new HashSet<>();
    private final Map<Placed, Failure> failures = new HashMap<>();
    private final Map<String, Admission> admissions = new HashMap<>();
    private final Map<String, PredictionLog> logs = new HashMap<>();
    private final List<LiveRoute.Window> windows = new ArrayList<>();

    /** Endpoints that could not be routed, and why. */
    private final Map<String, String> unrouted = new HashMap<>();

    private List<Route> wanted = List.of();
    private long revision = -1;
    private boolean closed;

    private volatile Routing routing = Routing.NONE;
    private volatile boolean wasReady;

    /** Why a version cannot be opened, and when to try again, by {@link System#nanoTime}. */
    private record Failure(Problem problem, long againAt) {
        boolean due() {
            return System.nanoTime() - againAt >= 0;
        }
    }

    public LiveEndpoints(Behind behind, Traffic traffic, PredictionIds ids, Clock clock) {
        this.behind = behind;
        this.traffic = traffic;
        this.ids = ids;
        this.clock = clock;
        this.threads =
                List.of(
                        Thread.ofPlatform()
                                .daemon()
                                .name("endpoints")
                                .start(() -> again(LOOK, this::follow)),
                        Thread.ofPlatform()
                                .daemon()
                                .name("rollouts")
                                .start(() -> again(DRIVE, this::drive)));
    }

    /**
     * Lets a request in; to be closed.
     *
     * @param version the version that is to answer; null takes whoever the route says
     * @throws ProblemException {@code endpoint.unknown}, {@code version.unknown}; {@code
     *     endpoint.loading} where it does not answer yet; {@code endpoint.busy}
     */
    public Visit enter(String endpoint, @Nullable Long version) {
        LiveRoute route = route(endpoint);
        if (version != null && route.pinned(version) == null) {
            throw unknownVersion(endpoint, version);
        }
        return new Visit(this, route, version);
    }

    LiveRoute route(String endpoint) {
        Routing current = routing;
        LiveRoute route = current.routes().get(endpoint);
        if (route != null) {
            return route;
        }
        require(endpoint);
        throw Problem.refused("endpoint.loading", endpoint + ": does not answer yet").exception();
    }

    /**
     * Says whether there is such an endpoint, whether or not it answers yet.
     *
     * @throws ProblemException {@code endpoint.unknown}
     */
    public void require(String endpoint) {
        Routing current = routing;
        if (!current.known().contains(endpoint)) {
            throw Problem.input(
                            "endpoint.unknown",
                            "no endpoint '%s' (expected: %s)"
                                    .formatted(
                                            endpoint,
                                            current.known().isEmpty()
                                                    ? "none is there yet"
                                                    : String.join(", ", current.known())))
                    .exception();
        }
    }

    ProblemException unknownVersion(String endpoint, long version) {
        return Problem.input(
                        "version.unknown",
                        "%s: version %d does not answer here".formatted(endpoint, version))
                .exception();
    }

    String nextId() {
        return ids.next();
    }

    long nowMicros() {
        Instant now = clock.instant();
        return now.getEpochSecond() * MICROS + now.getNano() / 1_000;
    }

    /**
     * Whether the server takes traffic: once every endpoint has answered; one that is added later
     * and cannot answer yet takes the server from no other.
     */
    public boolean ready() {
        if (!wasReady) {
            Routing current = routing;
            wasReady =
                    !current.known().isEmpty()
                            && current.routes().keySet().containsAll(current.known());
        }
        return wasReady;
    }

    /** Whether an endpoint answers, or one of its versions does. */
    public boolean ready(String endpoint, @Nullable Long version) {
        LiveRoute route = routing.routes().get(endpoint);
        if (route == null) {
            require(endpoint);
            return false;
        }
        if (version != null && route.pinned(version) == null) {
            throw unknownVersion(endpoint, version);
        }
        return true;
    }

    /** The endpoints of the home, by name, whether or not they answer. */
    public Set<String> names() {
        return routing.known();
    }

    /** The versions that answer at an endpoint, the primary first. */
    public List<Long> versions(String endpoint) {
        LiveRoute route = route(endpoint);
        List<Long> versions = new ArrayList<>();
        versions.add(route.primary().version().placed().version());
        if (route.canary() != null) {
            versions.add(route.canary().version().placed().version());
        }
        return versions;
    }

    /** What is behind each endpoint now, for people and for {@code /metrics}. */
    public List<EndpointState> states() {
        changing.lock();
        try {
            List<EndpointState> states = new ArrayList<>();
            for (String endpoint : routing.known()) {
                LiveRoute route = routing.routes().get(endpoint);
                PredictionLog log = logs.get(endpoint);
                states.add(
                        EndpointState.of(
                                endpoint,
                                route,
                                log == null ? null : log.health(),
                                failuresOf(endpoint)));
            }
            return states;
        } finally {
            changing.unlock();
        }
    }

    private List<String> failuresOf(String endpoint) {
        return wanted.stream()
                .filter(route -> route.endpoint().equals(endpoint))
                .flatMap(route -> placed(route).stream())
                .map(failures::get)
                .filter(failure -> failure != null)
                .map(failure -> words(failure.problem()))
                .toList();
    }

    private static String words(Problem problem) {
        return problem.hint() == null
                ? problem.message()
                : problem.message() + " " + problem.hint();
    }

    /** Every version that must be open for a route. */
    private static List<Placed> placed(Route route) {
        List<Placed> placed = new ArrayList<>();
        for (Long version : new Long[] {route.primary(), route.warm()}) {
            if (version != null) {
                placed.add(new Placed(route.model(), version));
            }
        }
        route.live().ifPresent(live -> placed.add(new Placed(route.model(), live.version())));
        return placed;
    }

    /** By a thread of its own: a promotion or a rollback waits for nothing else. */
    private void follow() {
        attempt("routes", this::refresh);
    }

    /** By another: a version that is slow to open, or a busy database, holds only this up. */
    private void drive() {
        attempt("evidence", this::writeDown);
        attempt("rollouts", () -> behind.tick(this));
    }

    private void again(Duration every, Runnable work) {
        try {
            do {
                work.run();
            } while (!ended.await(every.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever fails, serving goes on, and it is tried again. */
    private static void attempt(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            LOG.log(System.Logger.Level.WARNING, what + ": " + e.getMessage(), e);
        }
    }

    /** Reads what is wanted, where it is something else than before, and has it done. */
    public void refresh() {
        changing.lock();
        try {
            long now = behind.revision();
            boolean other = now != revision;
            if (other) {
                wanted = List.copyOf(behind.routes());
            }
            if (other || failures.values().stream().anyMatch(Failure::due)) {
                arrange();
            }
            revision = unrouted.isEmpty() ? now : -1; // what could not be done is tried again
        } finally {
            changing.unlock();
        }
    }

    /** Under the lock: opens what is missing, routes to what is open, closes what nobody wants. */
    private void arrange() {
        if (closed) {
            return;
        }
        Set<Placed> wantedNow = new HashSet<>();
        wanted.forEach(route -> wantedNow.addAll(placed(route)));
        failures.keySet().retainAll(wantedNow);
        wantedNow.forEach(this::bring);
        Routing before = routing;
        routing = routed(before);
        before.routes().values().forEach(route -> endShadow(route, routing));
        Set<LiveVersion> used = routing.versions();
        open.entrySet()
                .removeIf(
                        entry -> {
                            boolean gone =
                                    !wantedNow.contains(entry.getKey())
                                            && !used.contains(entry.getValue());
                            if (gone) {
                                entry.getValue().letGo();
                            }
                            return gone;
                        });
    }

    private static void endShadow(LiveRoute before, Routing after) {
        Shadow shadow = before.shadow();
        LiveRoute same = after.routes().get(before.endpoint());
        if (shadow != null && (same == null || same.shadow() != shadow)) {
            shadow.end();
        }
    }

    private Routing routed(Routing before) {
        Map<String, LiveRoute> routes = new TreeMap<>();
        Set<String> known = new TreeSet<>();
        for (Route route : wanted) {
            known.add(route.endpoint());
            LiveRoute old = before.routes().get(route.endpoint());
            LiveRoute now = routedOrOld(route, old);
            if (now != null) {
                routes.put(route.endpoint(), now);
            }
        }
        admissions.keySet().retainAll(known);
        unrouted.keySet().retainAll(known);
        return new Routing(routes, known);
    }

    /** What hinders one endpoint (a full disk, say) hinders no other. */
    private @Nullable LiveRoute routedOrOld(Route route, @Nullable LiveRoute old) {
        try {
            LiveRoute now = routed(route, old);
            unrouted.remove(route.endpoint());
            return now;
        } catch (RuntimeException e) {
            if (!String.valueOf(e.getMessage()).equals(unrouted.get(route.endpoint()))) {
                LOG.log(System.Logger.Level.WARNING, "endpoint " + route.endpoint(), e);
            }
            unrouted.put(route.endpoint(), String.valueOf(e.getMessage()));
            return old;
        }
    }

    private @Nullable LiveRoute routed(Route route, @Nullable LiveRoute old) {
        LiveVersion primary =
                route.primary() == null
                        ? null
                        : open.get(new Placed(route.model(), route.primary()));
        if (primary == null) {
            return old;
        }
        EndpointSettings settings = EndpointSettings.of(route.deployment());
        LiveRoute.Variant canary = null;
        Shadow shadow = null;
        LiveRoute.Window window = null;
        Route.Live live = route.live().orElse(null);
        LiveVersion candidate =
                live == null ? null : open.get(new Placed(route.model(), live.version()));
        if (live != null && candidate != null) {
            switch (live.mode()) {
                case PREPARED -> {}
                case SHADOW -> {
                    shadow = shadow(route.endpoint(), candidate, old);
                    window = window(live);
                }
                case SPLIT -> {
                    canary = variant(candidate, Role.CANARY, old);
                    window = window(live);
                }
            }
        }
        return new LiveRoute(
                route,
                settings,
                variant(primary, Role.PRIMARY, old),
                canary,
                shadow,
                window,
                log(route.endpoint(), settings),
                admissions.computeIfAbsent(
                        route.endpoint(),
                        name -> new Admission(Runtime.getRuntime().availableProcessors())));
    }

    /** The same as before where nothing has changed, so that its counts go on. */
    private static LiveRoute.Variant variant(
            LiveVersion version, Role role, @Nullable LiveRoute old) {
        if (old != null) {
            for (LiveRoute.Variant before : new LiveRoute.Variant[] {old.primary(), old.canary()}) {
                if (before != null && before.version() == version && before.role() == role) {
                    return before;
                }
            }
        }
        return new LiveRoute.Variant(version, role);
    }

    private static Shadow shadow(String endpoint, LiveVersion version, @Nullable LiveRoute old) {
        Shadow before = old == null ? null : old.shadow();
        return before != null && before.version() == version
                ? before
                : new Shadow(endpoint, version);
    }

    private LiveRoute.Window window(Route.Live live) {
        for (LiveRoute.Window known : windows) {
            if (known.rollout().equals(live.rollout()) && known.step() == live.step()) {
                return known;
            }
        }
        LiveRoute.Window window =
                new LiveRoute.Window(
                        live.rollout(),
                        live.step(),
                        new EvidenceRecorder(),
                        new AtomicReference<>(Evidence.NONE));
        windows.add(window);
        return window;
    }

    private PredictionLog log(String endpoint, EndpointSettings settings) {
        PredictionLog log =
                logs.computeIfAbsent(
                        endpoint,
                        name ->
                                traffic.log(
                                        name,
                                        settings.log(),
                                        work ->
                                                Thread.ofPlatform()
                                                        .daemon()
                                                        .name("predictions-" + name)
                                                        .unstarted(work)));
        log.policy(settings.log()); // equal ones are the same to it
        return log;
    }

    /** Writes down what requests did in the steps of rollouts. */
    private void writeDown() {
        List<LiveRoute.Window> all;
        changing.lock();
        try {
            all = List.copyOf(windows);
        } finally {
            changing.unlock();
        }
        Set<LiveRoute.Window> routed = new HashSet<>();
        routing.routes()
                .values()
                .forEach(
                        route -> {
                            if (route.evidence() != null) {
                                routed.add(route.evidence());
                            }
                        });
        for (LiveRoute.Window window : all) {
            Evidence evidence = window.take();
            if (!evidence.isEmpty()) {
                try {
                    behind.saw(window.rollout(), window.step(), evidence);
                } catch (RuntimeException e) {
                    window.giveBack(evidence);
                    throw e;
                }
            } else if (!routed.contains(window)) {
                changing.lock();
                try {
                    windows.remove(window); // nobody is on its way in that step any more
                } finally {
                    changing.unlock();
                }
            }
        }
    }

    /** Has a version opened, outside the lock, since it may take long. */
    private void bring(Placed placed) {
        Failure failure = failures.get(placed);
        if (open.containsKey(placed)
                || (failure != null && !failure.due())
                || !opening.add(placed)) {
            return;
        }
        failures.remove(placed);
        Thread.ofVirtual()
                .name("open-" + placed)
                .start(
                        () -> {
                            LiveVersion version = null;
                            Problem problem = null;
                            try {
                                version = LiveVersion.open(placed, behind.open(placed));
                            } catch (ProblemException e) {
                                problem = e.problems().getFirst();
                            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                                LOG.log(System.Logger.Level.ERROR, placed.toString(), e);
                                problem = Problem.step("model.open", "cannot be opened: " + e);
                            }
                            brought(placed, version, problem);
                        });
    }

    private void brought(Placed placed, @Nullable LiveVersion version, @Nullable Problem problem) {
        changing.lock();
        try {
            opening.remove(placed);
            if (version == null) {
                Problem why = problem == null ? Problem.step("model.open", "unknown") : problem;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} cannot be served: {1}",
                        placed,
                        words(why));
                failures.put(placed, new Failure(why, System.nanoTime() + AGAIN.toNanos()));
            } else if (closed) {
                version.letGo();
            } else {
                open.put(placed, version);
                arrange();
            }
        } finally {
            changing.unlock();
        }
    }

    /** Whether a version that a route prepares was opened here and has answered a prediction. */
    @Override
    public Optional<Result> tried(String endpoint, VersionRef version) {
        if (!(version.pick() instanceof VersionRef.Number(long number))) {
            throw new IllegalArgumentException(version + " (expected: a version's number)");
        }
        Placed placed = new Placed(version.model(), number);
        changing.lock();
        try {
            Failure failure = failures.get(placed);
            if (open.containsKey(placed)) {
                return Optional.of(new Result(true, "answered a prediction"));
            }
            return failure == null
                    ? Optional.empty()
                    : Optional.of(new Result(false, words(failure.problem())));
        } finally {
            changing.unlock();
        }
    }

    /** Ends it: nobody is let in any more, and each version is closed after its last request. */
    @Override
    public void close() {
        ended.countDown();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        changing.lock();
        try {
            closed = true;
            routing.routes().values().forEach(route -> endShadow(route, Routing.NONE));
            routing = Routing.NONE;
            open.values().forEach(LiveVersion::letGo);
            open.clear();
        } finally {
            changing.unlock();
        }
        attempt("evidence", this::writeDown);
        logs.values().forEach(PredictionLog::close);
    }
}

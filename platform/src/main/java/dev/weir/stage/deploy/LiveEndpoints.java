package dev.weir.stage.deploy;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.model.Scorer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The endpoints of a home, as they answer now. One thread reads again and again what is to be
 * behind each, others open the versions that are missing, and requests see one {@link Routing}
 * after another.
 *
 * <p>A version takes its place when it has answered a real prediction. Until then, and where it
 * cannot, what was there before stays.
 */
public final class LiveEndpoints implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LiveEndpoints.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final Supplier<List<Deployment>> wanted;
    private final Function<Deployment.Placed, Scorer> opener;
    private final Witness witness;
    private final Supplier<String> ids;
    private final Duration every;
    private final Thread follower;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Guards what follows: one thread at a time changes what is open. */
    private final ReentrantLock changing = new ReentrantLock();

    private final Map<Deployment.Placed, LiveVersion> open = new HashMap<>();
    private final Set<Deployment.Placed> opening = new HashSet<>();
    private final Map<Deployment.Placed, Long> retryAt = new HashMap<>();
    private final Map<String, Admission> admissions = new HashMap<>();
    private List<Deployment> now = List.of();

    /** Read by /metrics while they change. */
    private final Map<Deployment.Placed, Problem> failures = new ConcurrentHashMap<>();

    private volatile Routing routing = Routing.NONE;
    private volatile boolean closed;

    /**
     * @param wanted reads what is to be behind each endpoint; called again and again
     * @param opener opens a version; closed here
     * @param ids of predictions
     * @param every how long to wait between two readings
     */
    public LiveEndpoints(
            Supplier<List<Deployment>> wanted,
            Function<Deployment.Placed, Scorer> opener,
            Witness witness,
            Supplier<String> ids,
            Duration every) {
        this.wanted = wanted;
        this.opener = opener;
        this.witness = witness;
        this.ids = ids;
        this.every = every;
        this.follower = Thread.ofPlatform().daemon().name("endpoints").start(this::follow);
    }

    /**
     * Lets a request in; to be closed.
     *
     * @param version the version that is to answer; null takes whoever the route says
     * @throws ProblemException {@code endpoint.unknown}, {@code version.unknown}; {@code
     *     endpoint.loading} where it does not answer yet; {@code endpoint.busy}
     */
    public Visit enter(String endpoint, @Nullable Long version) {
        Route route = route(endpoint);
        if (version != null && route.pinned(version) == null) {
            throw unknownVersion(endpoint, version);
        }
        return new Visit(this, route, version);
    }

    Route route(String endpoint) {
        Routing current = routing;
        Route route = current.routes().get(endpoint);
        if (route != null) {
            return route;
        }
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
        throw Problem.refused("endpoint.loading", endpoint + ": does not answer yet").exception();
    }

    ProblemException unknownVersion(String endpoint, long version) {
        return Problem.input(
                        "version.unknown",
                        "%s: version %d does not answer here".formatted(endpoint, version))
                .exception();
    }

    Witness witness() {
        return witness;
    }

    String nextId() {
        return ids.get();
    }

    /** Whether there is an endpoint, and every one answers. */
    public boolean ready() {
        Routing current = routing;
        return !current.known().isEmpty() && current.routes().keySet().containsAll(current.known());
    }

    /** Whether this endpoint answers. */
    public boolean ready(String endpoint) {
        return routing.routes().containsKey(endpoint);
    }

    /** What is behind each endpoint now, for people and for {@code /metrics}. */
    public List<EndpointState> states() {
        Routing current = routing;
        List<EndpointState> states = new ArrayList<>();
        for (String endpoint : current.known()) {
            Route route = current.routes().get(endpoint);
            states.add(
                    route == null
                            ? EndpointState.loading(endpoint)
                            : EndpointState.of(route, failuresOf(endpoint)));
        }
        return states;
    }

    private List<String> failuresOf(String endpoint) {
        return now.stream()
                .filter(deployment -> deployment.endpoint().equals(endpoint))
                .flatMap(deployment -> deployment.all().stream())
                .map(failures::get)
                .filter(problem -> problem != null)
                .map(Problem::message)
                .toList();
    }

    private void follow() {
        try {
            do {
                refreshed();
            } while (!ended.await(every.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refreshed() {
        try {
            refresh();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "endpoints cannot be read; the old ones stay", e);
        }
    }

    /** Reads what is wanted, and has it done as far as it can be done at once. */
    public void refresh() {
        changing.lock();
        try {
            List<Deployment> read = wanted.get();
            if (!read.equals(now) || retryAt.values().stream().anyMatch(at -> due(at))) {
                now = List.copyOf(read);
                arrange();
            }
        } finally {
            changing.unlock();
        }
    }

    private static boolean due(long at) {
        return System.nanoTime() - at >= 0;
    }

    /** Under the lock: opens what is missing, routes to what is open, closes what nobody wants. */
    private void arrange() {
        if (closed) {
            return;
        }
        Set<Deployment.Placed> wantedNow = new HashSet<>();
        now.forEach(deployment -> wantedNow.addAll(deployment.all()));
        failures.keySet().retainAll(wantedNow);
        retryAt.keySet().retainAll(wantedNow);
        for (Deployment.Placed placed : wantedNow) {
            Long at = retryAt.get(placed);
            if (!open.containsKey(placed) && (at == null || due(at)) && opening.add(placed)) {
                retryAt.remove(placed);
                Thread.ofVirtual().name("open").start(() -> bring(placed));
            }
        }
        Routing before = routing;
        routing = routed(before);
        Set<LiveVersion> used = routing.versions();
        before.routes().values().forEach(route -> endShadow(route, routing));
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

    private static void endShadow(Route before, Routing after) {
        Shadow shadow = before.shadow();
        Route same = after.routes().get(before.deployment().endpoint());
        if (shadow != null && (same == null || same.shadow() != shadow)) {
            shadow.end();
        }
    }

    private Routing routed(Routing before) {
        Map<String, Route> routes = new TreeMap<>();
        Set<String> known = new java.util.TreeSet<>();
        for (Deployment deployment : now) {
            known.add(deployment.endpoint());
            Route old = before.routes().get(deployment.endpoint());
            Route route = routed(deployment, old);
            if (route != null) {
                routes.put(deployment.endpoint(), route);
            }
        }
        admissions.keySet().retainAll(known);
        return new Routing(routes, known);
    }

    private @Nullable Route routed(Deployment deployment, @Nullable Route old) {
        LiveVersion primary = open.get(deployment.primary());
        if (primary == null) {
            return old;
        }
        Deployment.Canary split = deployment.canary();
        LiveVersion canary = split == null ? null : open.get(split.placed());
        LiveVersion shadow = deployment.shadow() == null ? null : open.get(deployment.shadow());
        LiveVersion warm = deployment.warm() == null ? null : open.get(deployment.warm());
        return new Route(
                deployment,
                variant(primary, Role.PRIMARY, old),
                canary == null ? null : variant(canary, Role.CANARY, old),
                shadow == null ? null : shadow(deployment.endpoint(), shadow, old),
                warm,
                admissions.computeIfAbsent(
                        deployment.endpoint(),
                        name -> new Admission(Runtime.getRuntime().availableProcessors())));
    }

    /** The same as before where nothing has changed, so that its counts go on. */
    private static Route.Variant variant(LiveVersion version, Role role, @Nullable Route old) {
        if (old != null) {
            for (Route.Variant before : new Route.Variant[] {old.primary(), old.canary()}) {
                if (before != null && before.version() == version && before.role() == role) {
                    return before;
                }
            }
        }
        return new Route.Variant(version, role, new Meter());
    }

    private Shadow shadow(String endpoint, LiveVersion version, @Nullable Route old) {
        Shadow before = old == null ? null : old.shadow();
        return before != null && before.version() == version
                ? before
                : new Shadow(endpoint, version, witness);
    }

    /** Opens a version, outside the lock, since it may take long. */
    private void bring(Deployment.Placed placed) {
        LiveVersion version = null;
        Problem problem = null;
        try {
            version = LiveVersion.open(placed, opener.apply(placed));
        } catch (ProblemException e) {
            problem = e.problems().getFirst();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "version " + placed.version(), e);
            problem = Problem.step("model.open", "cannot be opened: " + e);
        }
        changing.lock();
        try {
            opening.remove(placed);
            if (version == null) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "version {0} cannot be served: {1}",
                        placed.version(),
                        problem.message());
                failures.put(placed, problem);
                retryAt.put(placed, System.nanoTime() + AGAIN.toNanos());
            } else if (closed) {
                version.letGo();
            } else {
                failures.remove(placed);
                open.put(placed, version);
                arrange();
            }
        } finally {
            changing.unlock();
        }
    }

    /** Ends it: nobody is let in any more, and each version is closed after its last request. */
    @Override
    public void close() {
        ended.countDown();
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
        try {
            follower.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

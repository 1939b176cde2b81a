package dev.weir.stage.deploy;

import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is behind every endpoint at one moment. Requests read it without a lock; it is exchanged
 * whole.
 *
 * @param routes by endpoint, of those that answer
 * @param known all endpoints of the home, also those that do not answer yet; in order
 */
record Routing(Map<String, LiveRoute> routes, Set<String> known) {
    static final Routing NONE = new Routing(Map.of(), Set.of());

    Routing {
        routes = Map.copyOf(routes);
        known = Collections.unmodifiableSet(new TreeSet<>(known));
    }

    /** Every version that is in some place. */
    Set<LiveVersion> versions() {
        Set<LiveVersion> versions = new HashSet<>();
        for (LiveRoute route : routes.values()) {
            versions.add(route.primary().version());
            if (route.canary() != null) {
                versions.add(route.canary().version());
            }
            if (route.shadow() != null) {
                versions.add(route.shadow().version());
            }
        }
        return versions;
    }
}

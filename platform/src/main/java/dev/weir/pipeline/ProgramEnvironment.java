package dev.weir.pipeline;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a program of the team's own finds in its environment before anything is declared: the path,
 * a home, and the seeds of known nondeterminism pinned. Nothing else of Weir's own environment
 * reaches it.
 */
public final class ProgramEnvironment {
    private static final List<String> INHERITED = List.of("PATH", "HOME", "USER", "JAVA_HOME");
    private static final Map<String, String> PINNED =
            Map.of(
                    "LC_ALL", "C.UTF-8",
                    "TZ", "UTC",
                    "PYTHONHASHSEED", "0",
                    "SOURCE_DATE_EPOCH", "315532800",
                    "OMP_WAIT_POLICY", "PASSIVE",
                    "ORT_DISABLE_TELEMETRY", "1");

    private ProgramEnvironment() {}

    /** The variables, by name; a map of the caller's own. */
    public static SortedMap<String, String> variables() {
        SortedMap<String, String> environment = new TreeMap<>(PINNED);
        for (String inherited : INHERITED) {
            String value = System.getenv(inherited);
            if (value != null) {
                environment.put(inherited, value);
            }
        }
        return environment;
    }
}

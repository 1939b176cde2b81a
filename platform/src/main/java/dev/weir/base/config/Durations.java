package dev.weir.base.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 7d}.
 */
public final class Durations {
    /** What is expected where a text is none. */
    public static final String EXPECTED = "a duration such as 250ms, 30s, 5m, 2h or 7d";

    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)");
    private static final Map<String, Double> SECONDS =
            Map.of("ms", 0.001, "s", 1.0, "m", 60.0, "h", 3600.0, "d", 86400.0);

    private Durations() {}

    /** The duration of a text; empty where it is none. */
    public static Optional<Duration> parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        double seconds = Double.parseDouble(m.group(1)) * SECONDS.getOrDefault(m.group(2), 1.0);
        return Optional.of(Duration.ofNanos(Math.round(seconds * 1e9)));
    }
}

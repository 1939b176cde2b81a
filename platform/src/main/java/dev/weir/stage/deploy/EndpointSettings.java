package dev.weir.stage.deploy;

import org.jspecify.annotations.Nullable;

/**
 * How an endpoint is served.
 *
 * @param keyHeader the header whose value decides who meets the canary, if one does
 * @param keyColumn the column whose value decides it, if one does; with neither, each request is
 *     alone
 * @param mostRequests how many requests may be on their way at once; more are refused
 * @param mostRows how many rows a request may have
 * @param mostBytes how large a request's body may be
 */
public record EndpointSettings(
        @Nullable String keyHeader,
        @Nullable String keyColumn,
        int mostRequests,
        int mostRows,
        int mostBytes) {

    /** What holds where nothing is said. */
    public static final EndpointSettings DEFAULTS =
            new EndpointSettings(null, null, 256, 10_000, 16 << 20);
}

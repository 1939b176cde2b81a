package dev.weir.stage.deploy;

import dev.weir.base.config.Durations;
import dev.weir.base.config.Sizes;
import dev.weir.ml.traffic.LogPolicy;
import dev.weir.stage.deploy.rollout.plan.Deployment;
import dev.weir.stage.deploy.rollout.plan.SplitKey;

import tools.jackson.databind.JsonNode;

import java.util.HashSet;
import java.util.Set;

/**
 * How an endpoint is served: of {@code deploy:} in the pipeline file, what the requests' way needs.
 *
 * @param key what decides who meets a new version
 * @param mostRequests how many requests may be on their way at once; more are refused
 * @param mostWaiting how many of them may wait for a processor
 * @param mostRows how many rows a request may have
 * @param mostBytes how large a request's body may be
 * @param log what is kept of predictions
 */
public record EndpointSettings(
        SplitKey key,
        int mostRequests,
        int mostWaiting,
        int mostRows,
        int mostBytes,
        LogPolicy log) {
    private static final int REQUESTS = 256;
    private static final int WAITING = 128;
    private static final int ROWS = 10_000;
    private static final int BYTES = 16 << 20;
    private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 16;

    /** Of a deployment, whose schema has let these values through. */
    static EndpointSettings of(Deployment deployment) {
        JsonNode limits = deployment.settings().path("limits");
        return new EndpointSettings(
                deployment.key(),
                limits.path("in_flight").asInt(REQUESTS),
                limits.path("queue").asInt(WAITING),
                limits.path("rows").asInt(ROWS),
                (int)
                        Math.min(
                                Sizes.parse(limits.path("body").asString("")).orElse(BYTES),
                                LARGEST_ARRAY),
                log(deployment.settings().path("log"), deployment.key()));
    }

    /** Whom a row is about is, where nothing else is said, what the split goes by. */
    private static LogPolicy log(JsonNode log, SplitKey split) {
        LogPolicy usual = LogPolicy.usual();
        return new LogPolicy(
                names(log.path("exclude")),
                names(log.path("mask")),
                log.path("sample").asDouble(usual.sample()),
                Durations.parse(log.path("keep").asString("")).orElse(usual.keep()),
                log.path("key").isString()
                        ? log.path("key").stringValue()
                        : split instanceof SplitKey.Field(String name) ? name : null);
    }

    private static Set<String> names(JsonNode list) {
        Set<String> names = new HashSet<>();
        list.forEach(name -> names.add(name.stringValue()));
        return names;
    }
}

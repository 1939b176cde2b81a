package dev.weir.pipeline;

import tools.jackson.databind.JsonNode;

import java.util.Set;

/**
 * What is asked of the engine.
 *
 * @param runId 32 hexadecimal digits, new
 * @param trigger why: {@code manual}, {@code code}, {@code data}, …
 * @param project commit, tree, dirty; kept with the run
 * @param forced steps that run though their result is known
 * @param keepGoing whether what does not depend on a failure still runs
 */
public record RunRequest(
        String runId,
        String workspace,
        String actor,
        String trigger,
        JsonNode project,
        Set<String> forced,
        boolean keepGoing) {
    public RunRequest {
        forced = Set.copyOf(forced);
    }
}

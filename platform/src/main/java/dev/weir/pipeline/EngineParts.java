package dev.weir.pipeline;

import dev.weir.store.meta.Database;
import dev.weir.store.meta.Ids;

import java.time.Clock;
import java.time.Duration;

/**
 * What the parts of an engine share.
 *
 * @param lease how long an attempt lives without a sign of life where nobody can tell whether its
 *     process does
 */
record EngineParts(
        Database database,
        PipelineDao dao,
        AttemptDao attempts,
        Workbench workbench,
        Sweeper sweeper,
        Resources machine,
        ProcessIdentity me,
        Clock clock,
        Ids ids,
        RunListener listener,
        Duration lease) {
    static final Duration LEASE = Duration.ofSeconds(60);
}

package dev.weir.pipeline;

import dev.weir.store.meta.Database;
import dev.weir.store.meta.Ids;

import java.time.Clock;
import java.time.Duration;

/** What the parts of an engine share. */
record EngineParts(
        Database database,
        PipelineDao dao,
        Workbench workbench,
        Sweeper sweeper,
        Resources machine,
        ProcessIdentity me,
        Clock clock,
        Ids ids,
        RunListener listener) {
    /** How long an attempt lives without a sign of life from another host. */
    static final Duration LEASE = Duration.ofSeconds(60);
}

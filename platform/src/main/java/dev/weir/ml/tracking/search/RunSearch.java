package dev.weir.ml.tracking.search;

import dev.weir.ml.tracking.Run;
import dev.weir.ml.tracking.RunInfo;
import dev.weir.ml.tracking.Tracking;
import dev.weir.store.meta.Transaction;

import java.util.List;

/** Finds the runs of one workspace. */
public final class RunSearch {
    private final String workspace;
    private final Tracking tracking;

    public RunSearch(String workspace, Tracking tracking) {
        this.workspace = workspace;
        this.tracking = tracking;
    }

    /** One page of the runs that a query means, with what they logged. */
    public Page<Run> search(Transaction tx, RunQuery query) {
        Page<RunInfo> infos = infos(tx, query);
        return new Page<>(tracking.runs(tx, infos.items()), infos.next());
    }

    /** One page of the runs that a query means, without what they logged. */
    public Page<RunInfo> infos(Transaction tx, RunQuery query) {
        if (query.experimentIds().isEmpty()) {
            return new Page<>(List.of(), null);
        }
        int offset = Page.offset(query.token());
        List<RunInfo> found =
                new RunSearchDao(tx, workspace).search(query, offset, query.limit() + 1);
        return Page.cut(found, query.limit(), offset);
    }
}

package dev.weir.server.mlflow;

import dev.weir.ml.tracking.ArtifactEntry;
import dev.weir.ml.tracking.ArtifactPath;
import dev.weir.ml.tracking.RunInfo;
import dev.weir.store.meta.Transaction;

import tools.jackson.core.JsonGenerator;

import java.util.List;

/** {@code artifacts/list}: what a run keeps. */
final class ArtifactCalls {
    void routes(Routes routes) {
        routes.at("GET", "artifacts/list", this::list);
    }

    private Answer list(Asked asked) {
        Workspace in = asked.workspace();
        String runId = asked.runId();
        String below = asked.textOr("path", "");
        record Listed(String root, List<ArtifactEntry> entries) {
            static Listed of(Workspace in, Transaction tx, String runId, String below) {
                RunInfo run = in.tracking().run(tx, runId).info();
                return new Listed(
                        new ArtifactUris(in.experiments()).ofRun(tx, run.experimentId(), runId),
                        Kept.list(in, tx, ofRun(run).child(below)));
            }
        }
        Listed listed = in.read(tx -> Listed.of(in, tx, runId, below));
        return json -> {
            json.writeStringProperty("root_uri", listed.root());
            write(json, below.isEmpty() ? "" : below + "/", listed.entries());
        };
    }

    /** Where the artifacts of a run are kept, if they are kept here. */
    static ArtifactPath ofRun(RunInfo run) {
        return new ArtifactPath(run.experimentId() + "/" + run.id() + "/artifacts");
    }

    static void write(JsonGenerator json, String before, List<ArtifactEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart("files");
        for (ArtifactEntry entry : entries) {
            json.writeStartObject();
            json.writeStringProperty("path", before + entry.name());
            json.writeBooleanProperty("is_dir", entry.folder());
            if (!entry.folder()) {
                json.writeNumberProperty("file_size", entry.sizeBytes());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}

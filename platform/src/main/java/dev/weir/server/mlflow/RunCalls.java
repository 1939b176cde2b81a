package dev.weir.server.mlflow;

import dev.weir.ml.tracking.Batch;
import dev.weir.ml.tracking.Experiment;
import dev.weir.ml.tracking.NewRun;
import dev.weir.ml.tracking.Run;
import dev.weir.ml.tracking.RunChange;
import dev.weir.ml.tracking.RunInfo;
import dev.weir.ml.tracking.RunStatus;
import dev.weir.ml.tracking.Tracking;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code runs/…}: a run's life, and what it logs. */
final class RunCalls {
    /** The end of the year 9999: what lies beyond is no time that anybody means. */
    private static final long LAST_MS = 253_402_300_799_999L;

    void routes(Routes routes) {
        routes.at("POST", "runs/create", this::create);
        routes.at("GET", "runs/get", this::get);
        routes.at("POST", "runs/update", this::update);
        routes.at("POST", "runs/delete", this::delete);
        routes.at("POST", "runs/restore", this::restore);
        routes.at("POST", "runs/log-metric", asked -> log(asked, BatchReader.metric(asked.raw())));
        routes.at("POST", "runs/log-batch", asked -> log(asked, BatchReader.batch(asked.raw())));
        routes.at("POST", "runs/log-parameter", this::logParam);
        routes.at("POST", "runs/set-tag", this::setTag);
        routes.at("POST", "runs/delete-tag", this::deleteTag);
    }

    private Answer create(Asked asked) {
        Workspace in = asked.workspace();
        String experimentId = asked.textOr("experiment_id", Tracking.DEFAULT_EXPERIMENT);
        @Nullable Instant started = time(asked, "start_time").orElse(null);
        Map<String, String> tags = new LinkedHashMap<>();
        asked.pairs("tags")
                .forEach(
                        (key, value) ->
                                tags.put(key, BatchReader.cut(value, BatchReader.TAG_VALUE)));
        String id = in.ids().next();
        NewRun run =
                new NewRun(
                        id,
                        experimentId,
                        name(asked.textOr("run_name", ""), tags, id),
                        asked.textOr("user_id", ""),
                        started,
                        tags);
        record Created(RunInfo info, Experiment experiment) {}
        Created created =
                in.write(
                        tx -> {
                            Experiment experiment = in.experiments().experiment(tx, experimentId);
                            return new Created(in.tracking().start(tx, run), experiment);
                        });
        TreeMap<String, String> all = new TreeMap<>(tags);
        all.put(Tracking.RUN_NAME, run.name());
        return json -> {
            json.writeObjectPropertyStart("run");
            json.writeName("info");
            Wire.info(
                    json,
                    created.info(),
                    ArtifactUris.of(created.experiment()) + "/" + id + "/artifacts");
            json.writeName("data");
            Wire.data(json, new Run(created.info(), new TreeMap<>(), new TreeMap<>(), all));
            json.writeObjectPropertyStart("inputs");
            json.writeEndObject();
            json.writeEndObject();
        };
    }

    private static String name(String asked, Map<String, String> tags, String id) {
        String tagged = tags.getOrDefault(Tracking.RUN_NAME, "");
        if (!asked.isEmpty() && !tagged.isEmpty() && !asked.equals(tagged)) {
            throw MlflowException.invalid(
                    "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='%s', mlflow.runName='%s')."
                            .formatted(asked, tagged));
        }
        if (!asked.isEmpty()) {
            return asked;
        }
        return tagged.isEmpty() ? RunNames.of(id) : tagged;
    }

    static Optional<Instant> time(Asked asked, String name) {
        return asked.whole(name)
                .map(
                        ms -> {
                            if (ms < 0 || ms > LAST_MS) {
                                throw MlflowException.wrongType(
                                        name, ms, "milliseconds since 1970, up to the year 9999");
                            }
                            return Instant.ofEpochMilli(ms);
                        });
    }

    private Answer get(Asked asked) {
        Workspace in = asked.workspace();
        String id = asked.runId();
        return in.read(tx -> WholeRun.of(in, tx, in.tracking().run(tx, id))).answer();
    }

    private Answer update(Asked asked) {
        Workspace in = asked.workspace();
        String id = asked.runId();
        RunChange change =
                new RunChange(
                        asked.maybe("status").map(RunCalls::status).orElse(null),
                        time(asked, "end_time").orElse(null),
                        asked.maybe("run_name").filter(name -> !name.isEmpty()).orElse(null));
        record Updated(RunInfo info, String artifactUri) {}
        Updated updated =
                in.write(
                        tx -> {
                            RunInfo info = in.tracking().change(tx, id, change);
                            return new Updated(
                                    info,
                                    new ArtifactUris(in.experiments())
                                            .ofRun(tx, info.experimentId(), id));
                        });
        return json -> {
            json.writeName("run_info");
            Wire.info(json, updated.info(), updated.artifactUri());
        };
    }

    private static RunStatus status(String word) {
        return Arrays.stream(RunStatus.values())
                .filter(status -> status.name().equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                MlflowException.wrongType(
                                        "status",
                                        "'" + word + "'",
                                        Arrays.toString(RunStatus.values())));
    }

    private Answer delete(Asked asked) {
        Workspace in = asked.workspace();
        String id = asked.runId();
        return in.change(tx -> in.tracking().delete(tx, id));
    }

    private Answer restore(Asked asked) {
        Workspace in = asked.workspace();
        String id = asked.runId();
        return in.change(tx -> in.tracking().restore(tx, id));
    }

    private static Answer log(Asked asked, BatchReader.Read read) {
        Workspace in = asked.workspace();
        return in.metrics().filter(m -> m.logged(read.runId(), read.batch())).isPresent()
                ? Answer.EMPTY
                : in.change(tx -> in.tracking().log(tx, read.runId(), read.batch()));
    }

    private static Answer log(Workspace in, String runId, Batch batch) {
        return in.change(tx -> in.tracking().log(tx, runId, batch));
    }

    private Answer logParam(Asked asked) {
        String value = BatchReader.cut(asked.textOr("value", ""), BatchReader.PARAM_VALUE);
        return log(
                asked.workspace(), asked.runId(), Batch.ofParams(Map.of(asked.text("key"), value)));
    }

    private Answer setTag(Asked asked) {
        String value = BatchReader.cut(asked.textOr("value", ""), BatchReader.TAG_VALUE);
        return log(
                asked.workspace(), asked.runId(), Batch.ofTags(Map.of(asked.text("key"), value)));
    }

    private Answer deleteTag(Asked asked) {
        Workspace in = asked.workspace();
        String id = asked.runId();
        String key = asked.text("key");
        return in.change(tx -> in.tracking().deleteTag(tx, id, key));
    }
}

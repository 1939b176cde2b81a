package dev.weir.stage.train;

import ai.onnxruntime.OrtEnvironment;

import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;

/**
 * {@code report.json}: the evidence of a training. Beside what happened to the rows and columns it
 * holds what decides the bytes of the model (parameters, versions, digest of the native library)
 * and what depends on the machine (seconds).
 */
final class TrainReport {
    private TrainReport() {}

    static ObjectNode json(
            TrainJob job, TrainingData data, Fitted fit, ExportCheck check, Stopwatch watch)
            throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("trainer", job.parameters().trainer().text());
        json.put("task", job.task().text()).put("target", job.target());
        Signature.Classes classes = data.signature().classes();
        if (classes != null) {
            json.put("positive", classes.positive()).put("negative", classes.negative());
        }
        if (data.signature().width() > 1) {
            json.put("classes", data.signature().width());
        }
        TrainingData.Counts counts = data.counts();
        json.putObject("rows")
                .put("table", counts.table())
                .put("trained", counts.trained())
                .put("held_out", counts.heldOut())
                .put("without_target", counts.withoutTarget())
                .put("without_time", counts.withoutTime())
                .put("validation", data.validation().cardinality());
        ArrayNode features = json.putArray("features");
        data.signature().inputs().stream().map(Input::name).forEach(features::add);
        ArrayNode leftOut = json.putArray("left_out");
        data.leftOut()
                .forEach(
                        each ->
                                leftOut.addObject()
                                        .put("column", each.column())
                                        .put("reason", each.reason()));
        json.set("parameters", job.parameters().values());
        json.set("model", fit.figures());
        json.putObject("export_check")
                .put("rows", check.rows())
                .put("max_difference", check.maxDifference())
                .put("label_flips", check.labelFlips());
        environment(json.putObject("environment"));
        json.set("seconds", watch.seconds());
        json.set("cpu_seconds", watch.cpuSeconds());
        return json;
    }

    private static void environment(ObjectNode json) throws IOException {
        json.put("xgboost4j", XgboostFit.version());
        json.put("xgboost4j_native_sha256", XgboostFit.nativeLibrary().hex());
        json.put("onnxruntime", OrtEnvironment.getEnvironment().getVersion());
        json.put("java", Runtime.version().toString());
        json.put("os", System.getProperty("os.name"));
        json.put("arch", System.getProperty("os.arch"));
    }
}

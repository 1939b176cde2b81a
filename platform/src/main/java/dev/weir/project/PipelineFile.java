package dev.weir.project;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.config.ConfigSchema;
import dev.weir.base.config.YamlReader;
import dev.weir.base.problem.Problem;
import dev.weir.ml.stats.Task;
import dev.weir.pipeline.Resources;
import dev.weir.pipeline.Retries;
import dev.weir.stage.deploy.rollout.plan.Deployment;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code pipelines/<model>.yaml}, read and held against its schema; what the values mean together
 * is checked where they are used.
 *
 * @param target what is predicted
 * @param key the columns that name a row; may be empty
 * @param source the mapping that says where the table is
 * @param excluded columns that the model does not see
 * @param texts columns that the model reads word by word
 * @param deploy how the model answers predictions, where it does
 */
public record PipelineFile(
        Path path,
        String model,
        String purpose,
        String owner,
        String risk,
        Target target,
        List<String> key,
        Optional<ConfigNode> time,
        ConfigNode source,
        Optional<ConfigNode> expect,
        List<ConfigNode> excluded,
        List<ConfigNode> texts,
        ConfigNode ingest,
        ConfigNode train,
        Optional<ConfigNode> validate,
        Optional<Deployment> deploy,
        Map<String, ConfigNode> steps) {

    /**
     * What a model predicts.
     *
     * @param positive as the file has it, as text; where there are two values
     */
    public record Target(ConfigNode column, @Nullable String positive, Optional<Task> task) {}

    static PipelineFile read(Project project, Path path) {
        ConfigNode root = new YamlReader().read(path, ConfigSchema.PIPELINE);
        String file = path.getFileName().toString().replace(".yaml", "");
        ConfigNode model = root.need("model");
        if (!model.text().equals(file)) {
            throw model.problem(
                            "pipeline.file",
                            "model: " + model.text() + " (expected: " + file + ", as the file is)")
                    .exception();
        }
        ConfigNode target = root.need("target");
        ConfigNode ingest = root.need("ingest");
        String risk = root.at("risk").map(ConfigNode::text).orElse("minimal");
        return new PipelineFile(
                path,
                model.text(),
                root.at("purpose").map(ConfigNode::text).orElse(""),
                root.at("owner").map(ConfigNode::text).orElse(""),
                risk,
                new Target(
                        target.need("column"),
                        target.at("positive").map(ConfigNode::text).orElse(null),
                        target.at("task").flatMap(t -> Task.named(t.text()))),
                root.at("key").map(ConfigNode::texts).orElse(List.of()),
                root.at("time"),
                ingest.need("source"),
                ingest.at("expect"),
                root.at("features", "exclude").map(ConfigNode::items).orElse(List.of()),
                root.at("features", "text").map(ConfigNode::items).orElse(List.of()),
                ingest,
                root.need("train"),
                root.at("validate"),
                root.at("deploy").map(deploy -> Deployment.read(risk, deploy)),
                root.at("steps").map(ConfigNode::entries).orElse(Map.of()));
    }

    /** {@code resources:} of a node; what it leaves out is as in {@code standard}. */
    static Resources resources(ConfigNode resources, Resources standard) {
        return new Resources(
                resources.at("cpu").map(ConfigNode::number).orElse(standard.cpu()),
                resources.at("memory").map(ConfigNode::sizeBytes).orElse(standard.memoryBytes()),
                resources.at("gpu").map(n -> (int) n.whole()).orElse(standard.gpu()));
    }

    static Retries retries(ConfigNode step) {
        return step.at("retries")
                .map(
                        r ->
                                new Retries(
                                        (int) r.need("attempts").whole(),
                                        r.at("backoff")
                                                .map(ConfigNode::duration)
                                                .orElse(Duration.ofSeconds(1))))
                .orElse(Retries.NONE);
    }

    static @Nullable Duration timeout(ConfigNode step) {
        return step.at("timeout").map(ConfigNode::duration).orElse(null);
    }

    /** A problem of this file as a whole. */
    Problem problem(String code, String message) {
        return Problem.input(code, message).at(dev.weir.base.problem.Place.of(path));
    }
}

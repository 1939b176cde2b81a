package dev.weir.project;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.config.ConfigSchema;
import dev.weir.base.config.YamlReader;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * {@code configs/training/<model>.yaml}: the hyper-parameters, and beside them the section {@code
 * sweep:}, which says where to look for better ones and decides nothing about what is trained.
 */
final class TrainingFile {
    static final String SWEEP = "sweep";

    private TrainingFile() {}

    /** The file that a pipeline names, held against its schema; empty where it names none. */
    static Optional<ConfigNode> of(Project project, PipelineFile file) {
        return file.train()
                .at("config")
                .map(node -> new YamlReader().read(project.file(node), ConfigSchema.TRAINING));
    }

    /** The hyper-parameters that it sets. */
    static ObjectNode parameters(ConfigNode config) {
        ObjectNode parameters = (ObjectNode) config.json().deepCopy();
        parameters.remove(SWEEP);
        return parameters;
    }
}

package dev.weir.project;

import dev.weir.ml.stats.Task;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a person says when a project begins.
 *
 * @param here where the person is: relative paths of files start there
 * @param folder of the project; new, or empty
 * @param data a file or a glob
 * @param source how the file is written, as far as the person says: the mapping of a pipeline file,
 *     without {@code file}
 * @param task the kind of prediction, where the person says it; else the target's values do
 * @param copy whether the table is copied into the project; else it is referred to where it lies
 */
public record InitOptions(
        Path here,
        Path folder,
        String data,
        String target,
        Optional<String> holdout,
        List<String> exclude,
        Optional<String> time,
        List<String> key,
        ObjectNode source,
        boolean copy,
        Optional<Task> task) {
    /** The same, where the kind of prediction is guessed from the target's values. */
    public InitOptions(
            Path here,
            Path folder,
            String data,
            String target,
            Optional<String> holdout,
            List<String> exclude,
            Optional<String> time,
            List<String> key,
            ObjectNode source,
            boolean copy) {
        this(
                here,
                folder,
                data,
                target,
                holdout,
                exclude,
                time,
                key,
                source,
                copy,
                Optional.empty());
    }
}

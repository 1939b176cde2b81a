package dev.weir.project;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.config.ConfigSchema;
import dev.weir.base.config.YamlReader;
import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.ml.registry.Policies;
import dev.weir.pipeline.Resources;
import dev.weir.stage.deploy.rollout.Deployments;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder with a {@code weir.yaml}, read.
 *
 * @param root the folder
 * @param home where store and tables are
 * @param database a JDBC address, where the tables are elsewhere
 * @param resources what runs may use at one time, as far as the file says
 * @param promotion what versions must have to be promoted
 * @param register from where versions may be registered
 */
public record Project(
        Path root,
        String name,
        String workspace,
        Path home,
        @Nullable String database,
        Optional<ConfigNode> resources,
        Policies promotion,
        RegisterRules register) {
    static final String FILE = "weir.yaml";
    private static final String PIPELINES = "pipelines";

    /**
     * The project that a folder belongs to: the nearest {@code weir.yaml} upwards.
     *
     * @throws dev.weir.base.problem.ProblemException of kind {@code INPUT} where there is none, or
     *     where it is wrong
     */
    public static Project around(Path folder) {
        for (Path at = folder.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(FILE))) {
                return read(at);
            }
        }
        throw Problem.input("project.none", "no weir.yaml in " + folder + " or above")
                .hint(
                        "Go into a project, or make one: weir init FOLDER --data FILE --target"
                                + " COLUMN")
                .exception();
    }

    /**
     * A home that no project's files belong to.
     *
     * @param home its folder
     * @param database a JDBC address, where the tables are elsewhere
     */
    public static Project bare(Path home, @Nullable String database) {
        return new Project(
                home,
                "",
                "default",
                home,
                database,
                Optional.empty(),
                Policies.NOTHING_MORE,
                RegisterRules.ANYTHING);
    }

    /** The same, with the tables elsewhere. */
    public Project withDatabase(String url) {
        return new Project(root, name, workspace, home, url, resources, promotion, register);
    }

    private static Project read(Path root) {
        ConfigNode file = new YamlReader().read(root.resolve(FILE), ConfigSchema.PROJECT);
        return new Project(
                root,
                file.need("project").text(),
                file.at("workspace").map(ConfigNode::text).orElse("default"),
                root.resolve(file.at("home").map(ConfigNode::text).orElse(".weir")).normalize(),
                file.at("database").map(ConfigNode::text).orElse(null),
                file.at("resources"),
                new PromotionRules(root.resolve(PIPELINES), file.at("promotion")),
                RegisterRules.of(file.at("register")));
    }

    /**
     * How its models are to be served: their pipeline files, read when they are asked for. A model
     * that has no file here, such as a client's, has none.
     */
    public Deployments deployments() {
        return model -> pipelines().contains(model) ? pipeline(model).deploy() : Optional.empty();
    }

    /** What runs of this project may use at one time on a machine. */
    public Resources within(Resources machine) {
        return resources.map(node -> PipelineFile.resources(node, machine)).orElse(machine);
    }

    /** The names of its pipelines, sorted. */
    public List<String> pipelines() {
        Path folder = root.resolve(PIPELINES);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".yaml"))
                    .map(f -> f.substring(0, f.length() - ".yaml".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The pipeline of this name; without a name, the only one.
     *
     * @throws dev.weir.base.problem.ProblemException of kind {@code INPUT} where it is not clear
     *     which is meant, or where the file is wrong
     */
    public PipelineFile pipeline(@Nullable String wanted) {
        List<String> known = pipelines();
        if (wanted == null && known.size() != 1) {
            throw Problem.input(
                            "pipeline.which",
                            known.isEmpty()
                                    ? "no pipeline in " + root.resolve(PIPELINES)
                                    : "which pipeline? There are " + String.join(", ", known))
                    .hint(
                            "Name it: weir run --pipeline "
                                    + (known.isEmpty() ? "NAME" : known.getFirst()))
                    .exception();
        }
        String name = wanted == null ? known.getFirst() : wanted;
        if (!known.contains(name)) {
            throw Problem.input("pipeline.unknown", "no pipeline is called " + name)
                    .hint(DidYouMean.hint(name, known))
                    .exception();
        }
        return PipelineFile.read(this, root.resolve(PIPELINES).resolve(name + ".yaml"));
    }

    /** A path of the project's files as a person wrote it, from the root. */
    Path file(ConfigNode written) {
        return root.resolve(written.text()).normalize();
    }
}

package dev.weir.project;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;
import dev.weir.ml.data.DatasetVersion;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.Recipe;
import dev.weir.pipeline.StepResult;
import dev.weir.store.blob.Artifact;
import dev.weir.store.blob.Trees;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * Writes the six links of a model version. A link's {@code digest} is what defines the model; what
 * stands beside it is needed to make the model again, or is for people.
 */
final class RecipeWriter {
    private final Home home;
    private final Runtime runtime;
    private final PipelineFile file;
    private final Compiler compiler;
    private final Git.State git;

    RecipeWriter(Home home, Runtime runtime, PipelineFile file, Compiler compiler, Git.State git) {
        this.home = home;
        this.runtime = runtime;
        this.file = file;
        this.compiler = compiler;
        this.git = git;
    }

    Recipe recipe(
            String runId,
            DatasetVersion data,
            @Nullable DatasetVersion heldOut,
            @Nullable Digest trainedOn,
            StepResult trained) {
        Map<Link, ObjectNode> links = new EnumMap<>(Link.class);
        links.put(Link.CODE, code());
        ObjectNode table = data.link();
        if (heldOut != null) {
            table.put("holdout", heldOut.digest().hex());
        }
        if (trainedOn != null && !trainedOn.equals(data.digest())) {
            table.put(UnseenRows.TRAINED_ON, trainedOn.hex());
        }
        links.put(Link.DATA, table);
        links.put(Link.FEATURES, features(trained));
        links.put(Link.CONFIG, compiler.config());
        links.put(Link.ENVIRONMENT, environment(trained));
        links.put(Link.RUN, run(runId, trained));
        return new Recipe(links);
    }

    /** The team's own programs define the model; the whole tree is what it is made again from. */
    private ObjectNode code() {
        ObjectNode code = JsonNodeFactory.instance.objectNode();
        code.put("digest", compiler.ownCode().hex());
        code.put("tree", compiler.code().store().hex());
        code.put("pipeline", file.model());
        ObjectNode files = code.putObject("files");
        compiler.ownFiles().forEach((key, artifact) -> files.put(key, artifact.toString()));
        if (git.commit() != null) {
            code.put("commit", git.commit());
        }
        code.put("dirty", git.dirty());
        return code;
    }

    private ObjectNode features(StepResult trained) {
        ObjectNode features = JsonNodeFactory.instance.objectNode();
        features.set("inputs", trained.evidence().path("features"));
        features.set("left_out", trained.evidence().path("left_out"));
        features.set("exclude", compiler.config().path("exclude"));
        features.put("target", file.target().column().text());
        return features;
    }

    private ObjectNode environment(StepResult trained) {
        ObjectNode environment = JsonNodeFactory.instance.objectNode();
        ObjectNode defining = compiler.trainEnvironment();
        environment.put("digest", CanonicalJson.digest(defining).hex());
        environment.set("defining", defining);
        environment.put("weir", runtime.version());
        environment.put("jdk", runtime.jdk());
        environment.put("os", runtime.os());
        environment.put("arch", runtime.arch());
        environment.put(
                "isolation", compiler.ownTrainer().map(OwnTrainer::isolation).orElse("directory"));
        if (compiler.ownTrainer().isPresent()) {
            environment.put("reproduce", compiler.ownTrainer().get().promise());
            environment.put("observed", trained.output("observed").digest().hex());
            environment.set("found", trained.evidence().path("environment"));
            return environment;
        }
        runtime.folder()
                .map(this::kept)
                .ifPresent(tree -> environment.put("libraries", tree.hex()));
        return environment;
    }

    /** The libraries as an artifact. Their digests are known: nothing is read where it is kept. */
    private Digest kept(Path folder) {
        Digest tree =
                Trees.digest(
                        folder,
                        runtime::isLibrary,
                        file -> runtime.digest(folder.relativize(file).toString()));
        return home.trees().holds(Artifact.folder(tree))
                ? tree
                : home.trees().putFolder(folder, runtime::isLibrary);
    }

    private static ObjectNode run(String runId, StepResult trained) {
        ObjectNode run = JsonNodeFactory.instance.objectNode();
        run.put("run", trained.runId());
        run.put("registered_by", runId);
        run.put("train_key", trained.key());
        return run;
    }
}

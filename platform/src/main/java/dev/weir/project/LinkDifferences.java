package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.pipeline.Input;
import dev.weir.pipeline.RunReport;
import dev.weir.pipeline.StepResult;
import dev.weir.project.Differences.Change;
import dev.weir.project.Reproduction.Difference;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which links of a recipe come out otherwise when it is followed: the files of the code, the values
 * of the configuration after the defaults of today, the features that were chosen, and the table
 * that the team's own steps made, with its rows and columns.
 */
final class LinkDifferences {
    private final Home home;
    private final ModelVersion version;

    LinkDifferences(Home home, ModelVersion version) {
        this.home = home;
        this.version = version;
    }

    /**
     * All but the environment's, whether or not the model is the same.
     *
     * @param compiler of the project that came out of the store
     * @param report of the run that made the model again
     */
    List<Difference> of(Compiler compiler, RunReport report) {
        List<Difference> differs = new ArrayList<>();
        code(compiler, differs);
        add(Link.CONFIG, recorded(Link.CONFIG), compiler.config(), differs);
        StepResult trained = report.result(Names.TRAIN);
        ObjectNode features = JsonNodeFactory.instance.objectNode();
        for (String part : List.of("inputs", "left_out")) {
            JsonNode made = trained.evidence().path(part.equals("inputs") ? "features" : part);
            if (!made.isMissingNode() && recorded(Link.FEATURES).has(part)) {
                features.set(part, made);
            }
        }
        ObjectNode chosen = JsonNodeFactory.instance.objectNode();
        features.propertyNames()
                .forEach(part -> chosen.set(part, recorded(Link.FEATURES).path(part)));
        add(Link.FEATURES, chosen, features, differs);
        data(compiler, report, differs);
        return differs;
    }

    private ObjectNode recorded(Link link) {
        return version.recipe().link(link).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    private void code(Compiler compiler, List<Difference> differs) {
        ObjectNode code = recorded(Link.CODE);
        String here = compiler.ownCode().hex();
        if (!here.equals(code.path("digest").asString(here))) {
            differs.add(
                    new Difference(
                            Link.CODE, "own programs", code.path("digest").asString(""), here));
        }
        code.path("tree")
                .stringValueOpt()
                .ifPresent(
                        tree ->
                                Differences.files(home.trees(), tree, compiler.code().store().hex())
                                        .forEach(
                                                change ->
                                                        differs.add(
                                                                difference(Link.CODE, change))));
    }

    private static void add(
            Link link, ObjectNode recorded, ObjectNode here, List<Difference> differs) {
        Differences.values(recorded, here).forEach(change -> differs.add(difference(link, change)));
    }

    private static Difference difference(Link link, Change change) {
        return new Difference(link, change.what(), change.before(), change.after());
    }

    /** The table that own steps made, where it is another one now. */
    private void data(Compiler compiler, RunReport report, List<Difference> differs) {
        ObjectNode recorded = recorded(Link.DATA);
        Optional<String> then =
                recorded.path(UnseenRows.TRAINED_ON)
                        .stringValueOpt()
                        .or(() -> recorded.path("digest").stringValueOpt());
        if (then.isEmpty() || !(compiler.table() instanceof Input.FromStep from)) {
            return;
        }
        Digest now = report.result(from.step()).output(from.output()).digest();
        if (now.hex().equals(then.get())) {
            return;
        }
        String what = from.step() + "." + from.output();
        differs.add(new Difference(Link.DATA, what, then.get(), now.hex()));
        Optional<Path> before = home.blobs().localPath(new Digest(then.get()));
        Optional<Path> after = home.blobs().localPath(now);
        if (before.isPresent() && after.isPresent()) {
            ParquetFiles files = new ParquetFiles(new DuckDb(home.root().resolve("work"), 1));
            add(
                    Link.DATA,
                    shape(files, what, before.get()),
                    shape(files, what, after.get()),
                    differs);
        }
    }

    private static ObjectNode shape(ParquetFiles files, String what, Path table) {
        ObjectNode shape = JsonNodeFactory.instance.objectNode();
        shape.put("rows of " + what, files.rows(table));
        files.schema(table)
                .columns()
                .forEach(column -> shape.put("column " + column.name(), column.declared()));
        return shape;
    }
}

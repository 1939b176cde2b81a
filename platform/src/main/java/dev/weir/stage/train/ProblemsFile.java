package dev.weir.stage.train;

import dev.weir.base.digest.JsonTree;
import dev.weir.base.problem.Kind;
import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code problems.json}: how a child process tells its parent what is wrong. */
final class ProblemsFile {
    static final String NAME = "problems.json";

    private ProblemsFile() {}

    static void write(Path folder, List<Problem> problems) throws IOException {
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        for (Problem problem : problems) {
            ObjectNode node = nodes.addObject();
            node.put("kind", problem.kind().name());
            node.put("code", problem.code());
            node.put("message", problem.message());
            if (problem.place() != null) {
                node.putObject("place")
                        .put("file", problem.place().file())
                        .put("line", problem.place().line())
                        .put("column", problem.place().column());
            }
            if (problem.hint() != null) {
                node.put("hint", problem.hint());
            }
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(NAME), nodes.toString());
    }

    /**
     * Throws the problems that the child left; does nothing where it left none that can be read.
     */
    static void rethrow(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return;
        }
        List<Problem> problems = new ArrayList<>();
        try {
            for (JsonNode node : JsonTree.read(Files.readAllBytes(file))) {
                problems.add(problem(node));
            }
        } catch (JacksonException | IllegalArgumentException e) {
            throw Problem.step("train.failed", "the trainer died while it wrote " + NAME)
                    .exception(e);
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }

    private static Problem problem(JsonNode node) {
        JsonNode place = node.path("place");
        return new Problem(
                Kind.valueOf(node.required("kind").stringValue()),
                node.required("code").stringValue(),
                node.required("message").stringValue(),
                place.isMissingNode()
                        ? null
                        : new Place(
                                place.required("file").stringValue(),
                                place.required("line").intValue(),
                                place.required("column").intValue()),
                node.path("hint").asStringOpt().orElse(null));
    }
}

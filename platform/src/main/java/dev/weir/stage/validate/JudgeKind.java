package dev.weir.stage.validate;

import dev.weir.base.digest.JsonTree;
import dev.weir.base.problem.Problem;
import dev.weir.ml.gate.Verdict;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.CommandKind;
import dev.weir.pipeline.StepKind;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * A program of the team's own that judges: it reads what is laid into its directory and prints, as
 * a line of its own, {@code {"verdict":"fail","reason":"…"}}, with {@code value} and {@code
 * expected} where there are such. The last such line counts, and is the evidence. A program that
 * ends badly or prints none has failed: nobody judged.
 */
public record JudgeKind(CommandKind program) implements StepKind {
    @Override
    public String id() {
        return "judge/1";
    }

    @Override
    public String command() {
        return program.command();
    }

    @Override
    public JsonNode run(Attempt attempt) throws InterruptedException {
        program.run(attempt);
        return verdict(attempt)
                .orElseThrow(
                        () ->
                                Problem.step(
                                                "gate.verdict",
                                                attempt.step() + ": it printed no verdict")
                                        .hint(
                                                "It must print a line such as"
                                                    + " {\"verdict\":\"fail\",\"reason\":\"too few"
                                                    + " rows\"}; a verdict is pass, warn, fail,"
                                                    + " error or skipped.")
                                        .exception());
    }

    private static Optional<JsonNode> verdict(Attempt attempt) {
        try {
            List<String> lines = Files.readAllLines(attempt.log(), StandardCharsets.UTF_8);
            for (String line : lines.reversed()) {
                if (line.strip().startsWith("{")) {
                    Optional<JsonNode> said = said(line.strip());
                    if (said.isPresent()) {
                        return said;
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<JsonNode> said(String line) {
        try {
            JsonNode json = JsonTree.read(line.getBytes(StandardCharsets.UTF_8));
            return json instanceof ObjectNode
                            && Verdict.named(json.path("verdict").asString("")).isPresent()
                    ? Optional.of(json)
                    : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty(); // a line that only begins like one
        }
    }
}

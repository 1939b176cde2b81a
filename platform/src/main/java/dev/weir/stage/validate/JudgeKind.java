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
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A program of the team's own that judges: it reads what is laid into its directory and prints, as
 * a line of its own, {@code {"verdict":"fail","reason":"…"}}, with {@code value} and {@code
 * expected} where there are such. The last such line counts, and is the evidence. A program that
 * ends badly or prints none has failed: nobody judged.
 */
public record JudgeKind(CommandKind program) implements StepKind {
    private static final int LAST_BYTES = 1 << 16;

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
            return end(attempt.log())
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("{"))
                    .map(JudgeKind::said)
                    .flatMap(Optional::stream)
                    .reduce((earlier, later) -> later);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last of what it printed, however much that was. */
    private static String end(Path log) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - LAST_BYTES));
            byte[] bytes = new byte[(int) Math.min(LAST_BYTES, file.length())];
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
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

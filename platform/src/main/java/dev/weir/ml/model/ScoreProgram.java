package dev.weir.ml.model;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.JsonTree;
import dev.weir.base.problem.Problem;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a model that is a program is asked: the file {@code scorer.json} of its folder, canonical
 * JSON. The program is started in a copy of the folder, and answers {@code POST /invocations} of
 * MLflow's scoring protocol on the loopback port that it is given.
 *
 * @param command its words; <code>{{port}}</code> stands for the port, which is also in the
 *     variables {@code PORT} and {@code WEIR_PORT}
 * @param variables further environment
 * @param start from its start to its first answer it may take this long
 * @param call one answer may take this long
 * @param memoryBytes what it and all that it starts may hold in memory together
 * @param parallel how many questions it is asked at once
 */
public record ScoreProgram(
        List<String> command,
        SortedMap<String, String> variables,
        Duration start,
        Duration call,
        long memoryBytes,
        int parallel) {
    /** What stands for the port in a word of the command. */
    public static final String PORT = "{{port}}";

    /** How long a start may take where nothing is said. */
    public static final Duration USUAL_START = Duration.ofSeconds(60);

    /** How long an answer may take where nothing is said. */
    public static final Duration USUAL_CALL = Duration.ofSeconds(30);

    /** How much memory it may hold where nothing is said. */
    public static final long USUAL_MEMORY_BYTES = 1L << 30;

    public ScoreProgram {
        command = List.copyOf(command);
        variables = new TreeMap<>(variables);
        if (command.isEmpty() || start.isNegative() || call.isNegative() || parallel < 1) {
            throw new IllegalArgumentException(
                    "scorer: " + command + ", " + parallel + " at once (expected: a command, 1)");
        }
    }

    /** A command with the usual limits. */
    public static ScoreProgram of(List<String> command) {
        return new ScoreProgram(
                command, new TreeMap<>(), USUAL_START, USUAL_CALL, USUAL_MEMORY_BYTES, 1);
    }

    /** As a JSON object. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        command.forEach(json.putArray("command")::add);
        ObjectNode env = json.putObject("env");
        variables.forEach(env::put);
        json.put("start_ms", start.toMillis());
        json.put("call_ms", call.toMillis());
        json.put("memory_bytes", memoryBytes);
        json.put("parallel", parallel);
        return json;
    }

    /** The canonical JSON text in UTF-8. */
    public byte[] bytes() {
        return CanonicalJson.bytes(json());
    }

    /**
     * Reads what {@link #bytes} wrote.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) for anything else
     */
    public static ScoreProgram of(byte[] bytes) {
        try {
            return fromJson(JsonTree.read(bytes));
        } catch (JacksonException e) {
            throw malformed(e.getOriginalMessage()).exception(e);
        } catch (IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage())).exception(e);
        }
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws JacksonException for anything else
     */
    public static ScoreProgram fromJson(JsonNode json) {
        List<String> command = new ArrayList<>();
        json.required("command").forEach(word -> command.add(word.stringValue()));
        SortedMap<String, String> variables = new TreeMap<>();
        json.path("env")
                .properties()
                .forEach(e -> variables.put(e.getKey(), e.getValue().stringValue()));
        return new ScoreProgram(
                command,
                variables,
                Duration.ofMillis(json.required("start_ms").longValue()),
                Duration.ofMillis(json.required("call_ms").longValue()),
                json.required("memory_bytes").longValue(),
                json.required("parallel").intValue());
    }

    private static Problem malformed(String detail) {
        return Problem.input("model.scorer", ModelFolder.SCORER + ": " + detail);
    }
}

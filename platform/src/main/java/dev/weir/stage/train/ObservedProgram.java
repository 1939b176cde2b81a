package dev.weir.stage.train;

import dev.weir.base.digest.JsonTree;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.ProgramEnvironment;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a program of the team's own ran on, as it was found: {@code {"interpreter","version",
 * "packages":{}}}, of Python with the packages that its own interpreter has. Of a program that is
 * no interpreter's nothing is known.
 */
final class ObservedProgram {
    private static final Pattern INTERPRETER =
            Pattern.compile(
                    "(?:.*/)?(python[0-9.]*|Rscript|R|node|julia|ruby|perl|php|java|go|ghc)");
    private static final Pattern PYTHON = Pattern.compile("(?:.*/)?python[0-9.]*");
    private static final int LONGEST_VERSION = 300;
    private static final String PACKAGES =
            """
            import importlib.metadata as m, json, sys
            found = {d.metadata["Name"]: d.version for d in m.distributions() if d.metadata["Name"]}
            json.dump(found, open(sys.argv[1], "w"), sort_keys=True)
            """;

    private ObservedProgram() {}

    /**
     * Asks the interpreter of a command.
     *
     * @param argv the command; of a shell's line the first word counts
     * @param scratch an existing folder
     */
    static ObjectNode of(Attempt attempt, List<String> argv, Path scratch)
            throws IOException, InterruptedException {
        ObjectNode observed = JsonNodeFactory.instance.objectNode();
        Optional<String> interpreter = interpreter(argv);
        if (interpreter.isEmpty()) {
            return observed;
        }
        String name = interpreter.get();
        observed.put("interpreter", name);
        Path version = scratch.resolve("version.txt");
        String line = "\"$0\" --version > \"$1\" 2>&1 </dev/null";
        if (run(attempt, "sh", "-c", line, name, version.toString())) {
            String said = Files.readString(version, StandardCharsets.ISO_8859_1).strip();
            String first = said.lines().findFirst().orElse("");
            observed.put("version", first.substring(0, Math.min(LONGEST_VERSION, first.length())));
        }
        Path packages = scratch.resolve("packages.json");
        if (PYTHON.matcher(name).matches()
                && run(attempt, name, "-c", PACKAGES, packages.toString())
                && Files.isRegularFile(packages)) {
            read(packages).ifPresent(found -> observed.set("packages", found));
        }
        return observed;
    }

    private static Optional<JsonNode> read(Path packages) throws IOException {
        try {
            return Optional.of(JsonTree.read(Files.readAllBytes(packages)));
        } catch (JacksonException e) {
            return Optional.empty(); // an interpreter that writes something else
        }
    }

    private static Optional<String> interpreter(List<String> argv) {
        boolean shell = argv.size() > 2 && argv.get(0).equals("sh") && argv.get(1).equals("-c");
        String first = shell ? argv.get(2).strip().split("\\s+")[0] : argv.getFirst();
        return INTERPRETER.matcher(first).matches() ? Optional.of(first) : Optional.empty();
    }

    private static boolean run(Attempt attempt, String... command) throws InterruptedException {
        return attempt.run(List.of(command), ProgramEnvironment.variables()) == 0;
    }
}

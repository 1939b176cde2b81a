package dev.weir.stage.validate;

import dev.weir.base.digest.JsonTree;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Signature;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.ChildJvm;
import dev.weir.pipeline.StepKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures what a model needs: a process of its own opens it and scores rows in batches, and
 * nothing else. Inputs: {@code model}, {@code rows}. Evidence: {@code
 * {"memory_bytes","model_bytes","load_ms","rows_per_second","rows"}}; the memory is the peak of the
 * whole process, a JVM included, and is missing where the system does not tell.
 */
record FootprintKind() implements StepKind {
    private static final int MOST_ROWS = 10_000;
    private static final String HEAP = "-Xmx512m";

    @Override
    public String id() {
        return "footprint/1";
    }

    @Override
    public boolean readsStore() {
        return true;
    }

    @Override
    public JsonNode run(Attempt attempt) throws InterruptedException {
        try {
            Path model = attempt.input("model");
            Path rows = attempt.directory().resolve("rows.bin");
            Path report = attempt.directory().resolve("footprint.json");
            Path scratch = Files.createDirectories(attempt.directory().resolve("scratch"));
            RowFile.write(rows, some(attempt, ModelFolder.signature(model)));
            List<String> command =
                    new ChildJvm(FootprintProcess.class, scratch)
                            .command(
                                    List.of(HEAP),
                                    model.toString(),
                                    rows.toString(),
                                    report.toString(),
                                    scratch.toString());
            int exit = attempt.run(command, ChildJvm.environment(1));
            if (exit != 0) {
                throw Problem.step(
                                "validate.footprint",
                                "the process that scores ended with exit code " + exit)
                        .hint("See the log of the attempt.")
                        .exception();
            }
            ObjectNode evidence = (ObjectNode) JsonTree.read(Files.readAllBytes(report));
            return evidence.put("model_bytes", size(model));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Columns some(Attempt attempt, Signature signature) {
        ColumnFiles files = new ColumnFiles(new DuckDb(attempt.directory(), 1));
        Columns all = Columns.read(files, attempt.input("rows"), signature);
        return all.pick(IntStream.range(0, Math.min(all.rows(), MOST_ROWS)).toArray());
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }
}

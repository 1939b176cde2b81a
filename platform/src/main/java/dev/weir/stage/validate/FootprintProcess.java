package dev.weir.stage.validate;

import dev.weir.ml.model.Columns;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.ProcessScorer;
import dev.weir.ml.model.Scorer;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The process that {@link FootprintKind} watches: {@code FootprintProcess MODEL ROWS REPORT
 * SCRATCH} opens a model's folder, scores the rows of a {@link RowFile} again and again for a
 * second or longer, and writes what it took.
 */
public final class FootprintProcess {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long NANOS = 1_000_000_000L;
    private static final int FEWEST_PASSES = 3;

    private FootprintProcess() {}

    /** Measures; see the class. */
    public static void main(String[] arguments) throws IOException {
        Columns rows = RowFile.read(Path.of(arguments[1]));
        long start = System.nanoTime();
        ModelFolder model = ModelFolder.read(Path.of(arguments[0]));
        try (Scorer scorer = Scorer.open(model, Path.of(arguments[3]))) {
            scorer.score(rows.pick(new int[] {0}));
            long loaded = System.nanoTime();
            scorer.score(rows);
            long before = System.nanoTime();
            long passes = 0;
            while (passes < FEWEST_PASSES || System.nanoTime() - before < NANOS) {
                scorer.score(rows);
                passes++;
            }
            double seconds = (System.nanoTime() - before) / (double) NANOS;
            ObjectNode report = JsonNodeFactory.instance.objectNode();
            report.put("rows", rows.rows());
            report.put("load_ms", (loaded - start) / 1e6);
            report.put("rows_per_second", passes * rows.rows() / seconds);
            peakBytes(scorer).ifPresent(bytes -> report.put("memory_bytes", bytes));
            Files.writeString(Path.of(arguments[2]), report.toString());
        }
    }

    /**
     * The most memory that this process held, where the system tells; of a model that is a program,
     * that program.
     */
    private static OptionalLong peakBytes(Scorer scorer) throws IOException {
        if (scorer instanceof ProcessScorer program) {
            long bytes = program.peakMemoryBytes();
            return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
        }
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        }
    }
}

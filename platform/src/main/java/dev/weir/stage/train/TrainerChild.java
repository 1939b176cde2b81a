package dev.weir.stage.train;

import dev.weir.base.problem.Problem;
import dev.weir.ml.model.ModelFolder;
import dev.weir.pipeline.ChildJvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The trainer as seen from its parent: how to start it, and what its end means. It is plain data;
 * the engine starts the process, waits, and kills it.
 *
 * <p>The child runs on the parent's JVM and class path. It puts every temporary file, native
 * libraries included, into a folder that the engine deletes; a native crash ends the child and
 * leaves a log there.
 */
public final class TrainerChild {
    /**
     * The system property that names an ahead-of-time cache for trainers, made with {@code
     * -XX:AOTCacheOutput} and all compilers: one made under {@code -XX:TieredStopAtLevel=1}, as the
     * command line has it, keeps the loops over a large table slow.
     */
    public static final String AOT_PROPERTY = "weir.trainer.aot";

    /** The system property that has the next trainer make such a cache, in this file. */
    public static final String AOT_OUTPUT_PROPERTY = "weir.trainer.aot.output";

    private static final int SIGNAL = 128;
    private static final Map<Integer, String> SIGNALS =
            Map.of(
                    6, "it aborted itself (SIGABRT)",
                    7, "a bus error (SIGBUS)",
                    9, "it was killed (SIGKILL): by hand, or because memory ran out",
                    11, "a segmentation fault (SIGSEGV)",
                    15, "it was asked to end (SIGTERM)");

    private TrainerChild() {}

    /**
     * The command line.
     *
     * @param job a file that {@link TrainJob#write} wrote
     * @param scratch an existing folder that is deleted after the attempt
     * @param libraries a folder with {@code lib/*.jar} and {@code native/}, where the child is not
     *     to run on the parent's
     * @param memoryBytes what the process may use in all; half of it is the Java heap, the rest is
     *     native memory of DuckDB and XGBoost
     */
    public static List<String> command(
            Path job, Path scratch, long memoryBytes, Optional<Path> libraries) {
        List<String> flags = new ArrayList<>();
        // From the start at its full size, which takes no memory before it is touched: a heap that
        // grows copies the table.
        long heapMebibytes = Math.max(memoryBytes / 2 >> 20, 64);
        flags.add("-Xms" + heapMebibytes + "m");
        flags.add("-Xmx" + heapMebibytes + "m");
        if (libraries.isEmpty()) { // a cache is of one class path
            aotCache().ifPresent(flags::add);
        }
        return new ChildJvm(TrainerProcess.class, scratch, libraries)
                .command(flags, job.toString());
    }

    /**
     * The flag for the cache that {@link #AOT_PROPERTY} names, if there is such a file: the JVM
     * writes three lines of errors where it is missing.
     */
    private static Optional<String> aotCache() {
        String making = System.getProperty(AOT_OUTPUT_PROPERTY);
        return making != null
                ? Optional.of("-XX:AOTCacheOutput=" + making)
                : Optional.ofNullable(System.getProperty(AOT_PROPERTY))
                        .filter(cache -> Files.isRegularFile(Path.of(cache)))
                        .map(cache -> "-XX:AOTCache=" + cache);
    }

    /**
     * Says what the end of the child means; returns where all is well.
     *
     * @param exitCode of the process; 128 + n where signal n ended it
     * @param job what the child was told
     * @throws dev.weir.base.problem.ProblemException with the child's own problems where it told
     *     any; (STEP) where it died, or wrote no model
     */
    public static void interpret(int exitCode, TrainJob job) throws IOException {
        if (exitCode == 0) {
            Path model = job.output().resolve(TrainerProcess.MODEL);
            for (String file : List.of(ModelFolder.MODEL, ModelFolder.SIGNATURE)) {
                if (!Files.isRegularFile(model.resolve(file))) {
                    throw Problem.step(
                                    "train.no_model",
                                    "the trainer ended well, but wrote no "
                                            + TrainerProcess.MODEL
                                            + "/"
                                            + file)
                            .exception();
                }
            }
            return;
        }
        if (crashed(job.scratch()) || exitCode > SIGNAL) {
            String signal = SIGNALS.getOrDefault(exitCode - SIGNAL, "exit code " + exitCode);
            throw Problem.step("train.crashed", "the trainer crashed in native code: " + signal)
                    .hint(
                            "See the log of the attempt. Weir itself is unharmed; run again, with"
                                    + " more memory if it ran out.")
                    .exception();
        }
        ProblemsFile.rethrow(job.output());
        if (exitCode == OUT_OF_MEMORY) {
            throw Problem.step(
                            "train.memory",
                            "the trainer ran out of memory (it had "
                                    + (job.memoryBytes() >> 20)
                                    + " MiB, half of it for the table)")
                    .hint("Give the step more: train.resources.memory.")
                    .exception();
        }
        throw Problem.step("train.failed", "the trainer ended with exit code " + exitCode)
                .hint("See the log of the attempt.")
                .exception();
    }

    /** How {@code -XX:+ExitOnOutOfMemoryError} ends a JVM. */
    private static final int OUT_OF_MEMORY = 3;

    private static boolean crashed(Path scratch) throws IOException {
        if (!Files.isDirectory(scratch)) {
            return false;
        }
        try (Stream<Path> files = Files.list(scratch)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("hs_err_pid"));
        }
    }
}

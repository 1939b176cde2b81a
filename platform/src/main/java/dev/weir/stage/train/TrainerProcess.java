package dev.weir.stage.train;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.OnnxScorer;
import dev.weir.ml.model.Signature;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/**
 * A built-in trainer as a process: {@code TrainerProcess JOB.json}. In the output folder of the job
 * it writes {@code model/}, {@code holdout.parquet} (the rows it did not train on, all columns, in
 * the order of the table; another file's rows where the holdout is a file) and {@code report.json}.
 * Ends with 0; with the exit code of {@code problems.json}'s first problem where the input is
 * wrong; with 5 for a defect.
 */
public final class TrainerProcess {
    /** The folder of the model, in the output folder. */
    public static final String MODEL = "model";

    /** The rows that were kept apart, in the output folder. */
    public static final String HOLDOUT = "holdout.parquet";

    /** What was measured while training, in the output folder. */
    public static final String REPORT = "report.json";

    private static final int CHECKED_ROWS = 2_000;

    private TrainerProcess() {}

    /**
     * Runs one job.
     *
     * @param arguments the path of a job file
     */
    public static void main(String[] arguments) throws IOException {
        System.exit(run(TrainJob.read(Path.of(arguments[0])), System.out));
    }

    /** Runs one job in this process; the exit code. */
    static int run(TrainJob job, PrintStream log) throws IOException {
        try {
            Files.createDirectories(job.output());
            train(job, log);
            return 0;
        } catch (ProblemException e) {
            e.problems().forEach(problem -> log.println(problem.line()));
            ProblemsFile.write(job.output(), e.problems());
            return e.kind().exitCode();
        } catch (RuntimeException e) {
            e.printStackTrace(log);
            ProblemsFile.write(
                    job.output(),
                    List.of(Problem.defect("train.defect", "the trainer failed: " + e)));
            return Kind.DEFECT.exitCode();
        }
    }

    private static void train(TrainJob job, PrintStream log) throws IOException {
        Stopwatch watch = new Stopwatch();
        DuckDb duckDb =
                new DuckDb(job.scratch(), job.parameters().threads(), job.memoryBytes() / 4);
        TrainingData data = TrainingTable.read(job, duckDb);
        log.println(
                data.counts().trained()
                        + " rows to train on, "
                        + data.signature().inputs().size()
                        + " features");
        data.leftOut()
                .forEach(each -> log.println(each.column() + " is left out: " + each.reason()));
        watch.lap("read");
        try (Fitted fit = fit(job, data, log)) {
            watch.lap("fit");
            Signature signature = data.signature();
            ModelFolder.Onnx model = new ModelFolder.Onnx(signature, fit.onnx(signature));
            int checked = Math.min(data.rows(), CHECKED_ROWS);
            ExportCheck check =
                    ExportCheck.compare(
                            signature,
                            score(job, data, model, checked, duckDb),
                            fit.predict(data, checked));
            model.write(job.output().resolve(MODEL));
            watch.lap("export");
            holdout(job, data, duckDb);
            watch.lap("holdout");
            Files.writeString(
                    job.output().resolve(REPORT),
                    TrainReport.json(job, data, fit, check, watch).toPrettyString() + "\n");
        }
    }

    private static Fitted fit(TrainJob job, TrainingData data, PrintStream log) {
        return switch (job.parameters().trainer()) {
            case XGBOOST, FOREST -> XgboostFit.fit(data, job.parameters(), log);
            case LINEAR -> LinearFit.fit(data, job.parameters(), log);
        };
    }

    /** What the graph says of the first rows that were trained on, as a caller would give them. */
    private static float[] score(
            TrainJob job, TrainingData data, ModelFolder.Onnx model, int rows, DuckDb duckDb)
            throws IOException {
        Signature signature = data.signature();
        try (OnnxScorer scorer = OnnxScorer.open(model)) {
            if (signature.plain()) {
                return scorer.score(
                        TrainingMatrix.head(data.matrix(), signature.matrixWidth(), rows));
            }
            BitSet first = new BitSet();
            for (int row = data.trained().nextSetBit(0);
                    row >= 0 && first.cardinality() < rows;
                    row = data.trained().nextSetBit(row + 1)) {
                first.set(row);
            }
            Path checked = job.scratch().resolve("checked.parquet");
            new ParquetFiles(duckDb).copyRows(job.table(), first, checked);
            float[] scores =
                    scorer.score(Columns.read(new ColumnFiles(duckDb), checked, signature));
            Files.delete(checked);
            return scores;
        }
    }

    private static void holdout(TrainJob job, TrainingData data, DuckDb duckDb) throws IOException {
        Path to = job.output().resolve(HOLDOUT);
        switch (job.holdout()) {
            case Holdout.File(Path parquet) -> Files.copy(parquet, to);
            case Holdout.Fraction _, Holdout.After _ ->
                    new ParquetFiles(duckDb).copyRows(job.table(), data.heldOut(), to);
        }
    }
}

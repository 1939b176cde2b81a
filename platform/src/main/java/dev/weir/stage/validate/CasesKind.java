package dev.weir.stage.validate;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.ModelTable;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.Task;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.StepKind;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Scores cases: rows whose answer is known. Inputs: {@code model}, and {@code cases}, a table with
 * the model's inputs and a column {@code expected}, or the target's own; a column {@code case}
 * names a row. A class is expected as its label; a number as itself, give or take the parameter
 * {@code tolerance} or the row's own {@code tolerance}. A row that expects nothing is not a case.
 * Evidence: {@code {"cases","failed","failures":[{"case","expected","predicted"}]}}, at most 20 of
 * them.
 */
record CasesKind() implements StepKind {
    private static final String EXPECTED = "expected";
    private static final String NAME = "case";
    private static final String TOLERANCE = "tolerance";
    private static final int SHOWN = 20;

    @Override
    public String id() {
        return "cases/1";
    }

    @Override
    public JsonNode run(Attempt attempt) {
        DuckDb duckDb = new DuckDb(attempt.directory(), 1);
        try (Scorer scorer =
                Scorer.open(ModelFolder.read(attempt.input("model")), attempt.directory())) {
            Signature signature = scorer.signature();
            ModelTable table = read(attempt.input("cases"), signature, duckDb);
            ColumnFiles files = new ColumnFiles(duckDb);
            float[] scores = scorer.score(Columns.read(files, table.parquet(), signature));
            return judged(new Cases(files, table), attempt, signature, scores);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ModelTable read(Path cases, Signature signature, DuckDb duckDb) {
        Set<String> texts = new HashSet<>(Set.of(NAME));
        if (signature.task() != Task.REGRESSION) {
            texts.add(EXPECTED);
            texts.add(signature.target());
        }
        return ModelTable.read(
                duckDb,
                List.of(cases),
                JsonNodeFactory.instance.objectNode().put("file", cases.toString()),
                signature,
                texts,
                duckDb.scratch().resolve("cases.parquet"));
    }

    private record Cases(ColumnFiles files, ModelTable table) {
        @Nullable String @Nullable [] texts(String column) {
            return table.schema().column(column).isEmpty()
                    ? null
                    : files.texts(table.parquet(), List.of(column)).getFirst().values();
        }

        double @Nullable [] numbers(String column) {
            return table.schema().column(column).isEmpty()
                    ? null
                    : files.doubles(table.parquet(), List.of(column)).getFirst().values();
        }
    }

    /** What the model says of each case, as text, and whether that is as expected. */
    private interface Answers {
        String said(int row);

        boolean right(int row);
    }

    private record Labels(String[] decisions, @Nullable String[] expected) implements Answers {
        @Override
        public String said(int row) {
            return decisions[row];
        }

        @Override
        public boolean right(int row) {
            return decisions[row].equals(expected[row]);
        }
    }

    /** A tolerance of NaN is the section's; equal to the last bit of single precision is equal. */
    private record Figures(
            float[] scores, double[] expected, double @Nullable [] tolerances, double tolerance)
            implements Answers {
        @Override
        public String said(int row) {
            return Float.toString(scores[row]);
        }

        @Override
        public boolean right(int row) {
            boolean own = tolerances != null && !Double.isNaN(tolerances[row]);
            double allowed = own ? Objects.requireNonNull(tolerances)[row] : tolerance;
            return Math.abs(scores[row] - expected[row])
                    <= Math.max(allowed, Math.ulp(scores[row]));
        }
    }

    private static ObjectNode judged(
            Cases cases, Attempt attempt, Signature signature, float[] scores) {
        String column =
                cases.table().schema().column(EXPECTED).isPresent() ? EXPECTED : signature.target();
        @Nullable String[] expected = cases.texts(column);
        if (expected == null) {
            throw Problem.input(
                            "validate.cases",
                            "the regression cases have no column %s or %s"
                                    .formatted(EXPECTED, signature.target()))
                    .hint("Name in it what the model must answer, row by row.")
                    .exception();
        }
        Answers answers =
                signature.task() != Task.REGRESSION
                        ? new Labels(
                                new Predictions(
                                                signature,
                                                new double[expected.length],
                                                new double[0])
                                        .with(scores)
                                        .decisions(),
                                expected)
                        : new Figures(
                                scores,
                                Objects.requireNonNull(cases.numbers(column)),
                                cases.numbers(TOLERANCE),
                                attempt.params().path(TOLERANCE).doubleValue());
        @Nullable String[] names = cases.texts(NAME);
        ObjectNode evidence = JsonNodeFactory.instance.objectNode();
        ArrayNode failures = evidence.putArray("failures");
        int count = 0;
        int failed = 0;
        for (int row = 0; row < expected.length; row++) {
            String answer = expected[row];
            if (answer == null) {
                continue;
            }
            count++;
            if (!answers.right(row) && ++failed <= SHOWN) {
                String name = names == null ? null : names[row];
                failures.addObject()
                        .put("case", name == null ? "row " + (row + 1) : name)
                        .put("expected", answer)
                        .put("predicted", answers.said(row));
            }
        }
        return evidence.put("cases", count).put("failed", failed);
    }
}

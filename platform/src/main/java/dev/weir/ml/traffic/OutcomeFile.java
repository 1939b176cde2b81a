package dev.weir.ml.traffic;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Findings;
import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.ModelTable;
import dev.weir.ml.model.Signature;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Outcomes that stand in a file: a column of the target's name, and {@code prediction_id}, or
 * {@code key} and {@code time}.
 *
 * @param outcomes row by row; without a value where it is missing
 * @param guesses one sentence for each thing about the file that was guessed
 */
public record OutcomeFile(List<Outcome> outcomes, List<String> guesses) {
    private static final String ID = "prediction_id";
    private static final String KEY = "key";
    private static final String TIME = "time";

    public OutcomeFile {
        outcomes = List.copyOf(outcomes);
        guesses = List.copyOf(guesses);
    }

    /**
     * Reads a file.
     *
     * @param source how it is written, as far as that is known; with the key {@code file}
     * @param lookBack how long before its time the prediction of a key may have been
     * @throws dev.weir.base.problem.ProblemException where it cannot be read, or a column is not
     *     there
     */
    public static OutcomeFile read(
            DuckDb duckDb,
            List<Path> files,
            ObjectNode source,
            Signature signature,
            Duration lookBack) {
        Set<String> texts = Set.of(ID, KEY, signature.target());
        Path parquet = duckDb.scratch().resolve("outcomes.parquet");
        ModelTable table = ModelTable.read(duckDb, files, source, signature, texts, parquet);
        List<String> names = new ArrayList<>(table.schema().names());
        table.schema().required(signature.target());
        names.retainAll(List.of(ID, KEY, TIME, signature.target()));
        boolean byId = names.contains(ID);
        boolean byKey = names.contains(KEY) && names.contains(TIME);
        if (!byId && !byKey) {
            throw Problem.input(
                            "outcomes.which",
                            "neither prediction_id nor key and time (found: "
                                    + String.join(", ", table.schema().names())
                                    + ")")
                    .at(Place.of(files.getFirst(), 1))
                    .hint("An answer's header and body give the prediction's id.")
                    .exception();
        }
        List<ColumnData.Texts> columns = new ColumnFiles(duckDb).texts(table.parquet(), names);
        List<Outcome> outcomes = new ArrayList<>();
        Findings findings = new Findings();
        for (int row = 0; row < table.rows(); row++) {
            String id = byId ? value(columns, ID, row) : null;
            String key = byKey && id == null ? value(columns, KEY, row) : null;
            String time = byKey && id == null ? value(columns, TIME, row) : null;
            outcomes.add(
                    new Outcome(
                            id,
                            key,
                            time == null ? null : moment(time, row + 1, findings),
                            lookBack,
                            value(columns, signature.target(), row)));
        }
        findings.refuse();
        return new OutcomeFile(outcomes, table.guesses());
    }

    private static @Nullable String value(List<ColumnData.Texts> columns, String name, int row) {
        for (ColumnData.Texts column : columns) {
            if (column.name().equals(name)) {
                return column.values()[row];
            }
        }
        return null;
    }

    /** A moment as ISO 8601 or DuckDB write it; without a zone it is in UTC. */
    private static @Nullable Instant moment(String text, int row, Findings findings) {
        String iso = text.strip().replace(' ', 'T');
        try {
            if (iso.length() == 10) {
                return LocalDate.parse(iso).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            int clock = iso.indexOf('T');
            boolean zoned =
                    iso.endsWith("Z")
                            || iso.indexOf('+', clock) > 0
                            || iso.indexOf('-', Math.max(clock, 0)) > 0 && clock > 0;
            return zoned
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            findings.add(
                    Problem.input(
                            "outcomes.time",
                            "row "
                                    + row
                                    + ": time "
                                    + text
                                    + " (expected: a moment such as 2026-11-25T13:00:00Z)"));
            return null;
        }
    }
}

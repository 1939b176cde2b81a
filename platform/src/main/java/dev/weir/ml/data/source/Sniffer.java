package dev.weir.ml.data.source;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Findings;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.ReadableFiles;
import dev.weir.ml.data.Schema;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out how a stranger's table is written: delimiter, quoting, heading, missing values, and
 * types that every row fits. Whatever it had to guess, it says.
 */
public final class Sniffer {
    private final DuckDb duckDb;
    private final boolean mayBeEmpty;

    public Sniffer(DuckDb duckDb) {
        this(duckDb, false);
    }

    /**
     * @param mayBeEmpty whether a heading alone is a table too, of no rows
     */
    public Sniffer(DuckDb duckDb, boolean mayBeEmpty) {
        this.duckDb = duckDb;
        this.mayBeEmpty = mayBeEmpty;
    }

    /**
     * What was found.
     *
     * @param format complete; put it into the pipeline file with {@link TableFormat#json}
     * @param rows how many there are, all files together
     * @param guesses one sentence for each thing that was guessed and might be wrong
     */
    public record Sniffed(TableFormat format, Schema schema, long rows, List<String> guesses) {
        public Sniffed {
            guesses = List.copyOf(guesses);
        }
    }

    /**
     * Reads all files wholly, once or twice.
     *
     * @param files in order, see {@link SourceFiles}
     * @param source what the user said: any of the keys of a {@code source} mapping; those are
     *     taken as they are, the others are guessed
     * @throws ProblemException where the files cannot be read as a table: ragged rows, not UTF-8,
     *     no rows, two columns of one name
     */
    public Sniffed sniff(List<Path> files, JsonNode source) {
        ReadableFiles.check(files);
        TableFormat assumed = TableFormat.of(source);
        try {
            return switch (assumed) {
                case TableFormat.Parquet parquet -> parquet(files, parquet);
                case TableFormat.JsonLines lines -> jsonLines(files, lines, !source.has("dates"));
                case TableFormat.Csv csv -> filled(files, csv(files, csv, source));
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The schema of files whose format is known: nothing is guessed but types.
     *
     * @throws ProblemException as {@link #sniff} does
     */
    public Schema schema(List<Path> files, TableFormat format) {
        ReadableFiles.check(files);
        try {
            return switch (format) {
                case TableFormat.Parquet parquet -> parquet(files, parquet).schema();
                case TableFormat.JsonLines lines -> jsonLines(files, lines, false).schema();
                case TableFormat.Csv csv -> {
                    JsonNode all = csv.everything();
                    Dialect dialect = Dialect.of(files.getFirst(), csv, false, false);
                    yield filled(files, new CsvGuess(files, all, dialect).sniffed()).schema();
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Sniffed parquet(List<Path> files, TableFormat.Parquet format) {
        ParquetFiles parquet = new ParquetFiles(duckDb);
        Schema schema = parquet.schema(files.getFirst());
        long rows = 0;
        for (Path file : files) {
            rows += parquet.rows(file);
        }
        refuseNoRows(files, rows);
        return new Sniffed(format, schema, rows, List.of());
    }

    private Sniffed jsonLines(List<Path> files, TableFormat.JsonLines format, boolean anyOrder)
            throws IOException {
        List<ColumnGuess> guesses = new ArrayList<>();
        List<String> names = List.of();
        Missing missing = new Missing(format.nulls());
        Findings findings = new Findings();
        long rows = 0;
        for (Path file : files) {
            try (JsonRows json = new JsonRows(file, names, true, findings)) {
                while (json.next()) {
                    rows++;
                    while (guesses.size() < json.cells()) {
                        guesses.add(new ColumnGuess(null));
                    }
                    missing.take(json, guesses, false);
                }
                names = json.names();
            }
        }
        findings.refuse();
        refuseNoRows(files, rows);
        List<String> said = new ArrayList<>();
        DateOrder order = order(anyOrder, format.dates(), guesses, names, said);
        Schema schema = schema(names, files.getFirst(), guesses, order, said);
        return new Sniffed(new TableFormat.JsonLines(format.nulls(), order), schema, rows, said);
    }

    private Sniffed csv(List<Path> files, TableFormat.Csv given, JsonNode source)
            throws IOException {
        boolean anyQuote = !source.has("quote");
        Dialect dialect = Dialect.of(files.getFirst(), given, !source.has("delimiter"), anyQuote);
        try {
            return new CsvGuess(files, source, dialect).sniffed();
        } catch (ProblemException quoted) {
            TableFormat.Csv format = dialect.format();
            boolean quotes =
                    quoted.problems().stream().anyMatch(p -> p.code().equals("table.quote"));
            if (!quotes || !anyQuote || format.quote() == null) {
                throw quoted;
            }
            try {
                return new CsvGuess(files, source, dialect.withoutQuote()).sniffed();
            } catch (ProblemException ignored) {
                throw quoted;
            }
        }
    }

    private Sniffed filled(List<Path> files, Sniffed sniffed) {
        if (!mayBeEmpty) {
            refuseNoRows(files, sniffed.rows());
        }
        return sniffed;
    }

    static void refuseNoRows(List<Path> files, long rows) {
        if (rows == 0) {
            throw Problem.input("table.no-rows", "no rows (expected: at least one)")
                    .at(Place.of(files.getFirst()))
                    .hint("A heading alone is no table.")
                    .exception();
        }
    }

    /**
     * The order of days: as given, or as the columns prove.
     *
     * @param any whether the user left it open
     */
    static DateOrder order(
            boolean any,
            DateOrder given,
            List<ColumnGuess> guesses,
            List<String> names,
            List<String> said) {
        if (!any) {
            return given;
        }
        for (int c = 0; c < guesses.size(); c++) {
            DateOrder proven = guesses.get(c).provenOrder();
            if (proven != null) {
                boolean month = proven == DateOrder.MONTH_FIRST;
                said.add(
                        "days in "
                                + names.get(c)
                                + " read as "
                                + (month ? "month/day/year" : "day/month/year"));
                return proven;
            }
        }
        for (int c = 0; c < guesses.size(); c++) {
            if (guesses.get(c).openOrder()) {
                said.add(
                        names.get(c)
                                + " kept as text: its days fit month/day and day/month alike (say"
                                + " dates: month-first or dates: day-first)");
            }
        }
        return given;
    }

    static Schema schema(
            List<String> names,
            Path file,
            List<ColumnGuess> guesses,
            DateOrder order,
            List<String> said) {
        Schema.refuseDoubles(names, file);
        List<Column> columns = new ArrayList<>();
        for (int c = 0; c < names.size(); c++) {
            ColumnGuess guess = guesses.get(c);
            columns.add(new Column(names.get(c), guess.type(order)));
            if (guess.leadingZeros()) {
                said.add(names.get(c) + " kept as text: its numbers have leading zeros");
            } else if (guess.tooLong()) {
                said.add(names.get(c) + " kept as text: its numbers need more than 64 bits");
            } else if (guess.values() == 0) {
                said.add(names.get(c) + " has no value in any row");
            }
        }
        return new Schema(columns);
    }
}

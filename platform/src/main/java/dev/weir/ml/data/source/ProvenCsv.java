package dev.weir.ml.data.source;

import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A delimited file of which it is proven that DuckDB's own reader, told the right types, sees in it
 * what {@link Tables} would: the same rows, values and gaps. Then the engine may read it directly,
 * at a fifth of the cost.
 *
 * <p>The first rows tell how the file is written, as {@link Sniffer} would find from all of them;
 * then each byte is looked at once ({@link CsvProof}). Where anything is unusual (a value that does
 * not fit, a new text for a missing value, a row of another length, a quote in a strange place,
 * days in another order) there is no proof, and the file is read the long way, which is also the
 * one that says what is wrong with it.
 *
 * @param schema of the file, in its order; the types that were asked for
 * @param rows without the heading
 * @param nulls how many values are missing in each column
 * @param negatives the columns of numbers of which one may be below zero
 * @param carriageReturns whether lines end in CR LF
 * @param inLines whether a row may go over several lines
 */
public record ProvenCsv(
        Path file,
        TableFormat.Csv format,
        Schema schema,
        long rows,
        Map<String, Long> nulls,
        Set<String> negatives,
        boolean carriageReturns,
        boolean inLines) {
    private static final long ROWS_TO_GUESS_BY = 10_000;

    public ProvenCsv {
        nulls = Map.copyOf(nulls);
        negatives = Set.copyOf(negatives);
    }

    /**
     * The proof; empty where there is none, also for files of other formats and several files.
     *
     * @param source as {@link Sniffer#sniff} takes it
     * @param asked makes of the schema that was found the one to read by: other types, the same
     *     columns
     */
    public static Optional<ProvenCsv> of(
            List<Path> files, JsonNode source, UnaryOperator<Schema> asked) {
        return of(files, source, asked, ROWS_TO_GUESS_BY);
    }

    /**
     * The same.
     *
     * @param rowsToGuessBy how many of the first rows tell how the file is written
     */
    static Optional<ProvenCsv> of(
            List<Path> files, JsonNode source, UnaryOperator<Schema> asked, long rowsToGuessBy) {
        if (files.size() != 1
                || !(TableFormat.of(source) instanceof TableFormat.Csv given)
                || files.getFirst().toString().chars().anyMatch(c -> "*?[{".indexOf(c) >= 0)) {
            return Optional.empty();
        }
        try {
            Dialect dialect =
                    Dialect.of(
                            files.getFirst(),
                            given,
                            !source.has("delimiter"),
                            !source.has("quote"));
            CsvGuess guess = new CsvGuess(files, source, dialect, rowsToGuessBy);
            Sniffer.Sniffed sniffed = guess.sniffed();
            Schema schema = asked.apply(sniffed.schema());
            if (!(sniffed.format() instanceof TableFormat.Csv format)
                    || !CsvProof.possible(format)) {
                return Optional.empty();
            }
            Optional<PlainColumns> columns =
                    PlainColumns.of(schema, guess, format, !source.has("null"));
            return columns.isEmpty()
                    ? Optional.empty()
                    : proven(files.getFirst(), format, schema, columns.get());
        } catch (ProblemException ignored) {
            // the long way says it, with all that is wrong besides
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<ProvenCsv> proven(
            Path file, TableFormat.Csv format, Schema schema, PlainColumns columns)
            throws IOException {
        CsvProof proof = new CsvProof(format, columns);
        return proof.holds(file)
                ? Optional.of(
                        new ProvenCsv(
                                file,
                                format,
                                schema,
                                proof.rows(),
                                columns.nulls(),
                                columns.negatives(),
                                proof.carriageReturns(),
                                proof.inLines()))
                : Optional.empty();
    }

    /** The rows, as a table function of DuckDB. */
    public String sql() {
        String columns =
                schema.columns().stream()
                        .map(c -> DuckDb.text(c.name()) + ": " + DuckDb.text(c.storedAs()))
                        .collect(Collectors.joining(", ", "{", "}"));
        Character quote = format.quote();
        String quoted = quote == null ? "''" : DuckDb.text(quote.toString());
        return "read_csv("
                + DuckDb.text(file.toAbsolutePath().toString())
                + ", auto_detect = false, compression = 'none', delim = "
                + DuckDb.text(String.valueOf(format.delimiter()))
                + ", quote = "
                + quoted
                + ", escape = "
                + quoted
                + ", header = "
                + format.header()
                + ", new_line = "
                + (carriageReturns ? "'\\r\\n'" : "'\\n'")
                + ", parallel = "
                + !inLines
                + ", nullstr = "
                + format.nulls().stream()
                        .map(DuckDb::text)
                        .collect(Collectors.joining(", ", "[", "]"))
                + ", columns = "
                + columns
                + ")";
    }

    /**
     * Writes the rows to a Parquet file; whether that went as proven. Where it did not, the file is
     * of no use.
     */
    public boolean write(DuckDb duckDb, Path out) {
        try (DuckDb.Session session = duckDb.single().open()) {
            session.run(ParquetFiles.copy("select * from " + sql(), out));
            return session.count("select count(*) from " + DuckDb.parquet(out, false)) == rows;
        } catch (SQLException e) {
            return false;
        }
    }

    /** How many values a column lacks. */
    public long missing(String column) {
        return nulls.getOrDefault(column, 0L);
    }

    /** Whether a column of numbers may have one below zero. */
    public boolean negative(String column) {
        return negatives.contains(column);
    }
}

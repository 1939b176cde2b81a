package dev.weir.ml.data.source;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Findings;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.ReadableFiles;
import dev.weir.ml.data.Schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads files of a known format and schema into one Parquet file. The reading is strict: a table is
 * read wholly and right, or not at all.
 */
public final class Tables {
    private final DuckDb duckDb;
    private final boolean mayBeEmpty;

    public Tables(DuckDb duckDb) {
        this(duckDb, false);
    }

    /**
     * @param mayBeEmpty whether a table may have no rows
     */
    public Tables(DuckDb duckDb, boolean mayBeEmpty) {
        this.duckDb = duckDb;
        this.mayBeEmpty = mayBeEmpty;
    }

    /**
     * What reading gave.
     *
     * @param parquet the file with the rows: the one that was asked for, or the source itself
     * @param handedOver whether {@code parquet} is the source, untouched: the caller copies it
     */
    public record Ingested(Path parquet, boolean handedOver, Schema schema, long rows) {}

    /**
     * Reads files, in their order, into one Parquet file. The same content gives the same bytes,
     * whatever the number of threads. A single Parquet file of the right columns is handed over as
     * it is.
     *
     * @param files see {@link SourceFiles}
     * @param schema the columns to have, in this order; a text value that does not fit its type is
     *     a problem
     * @param out where to write; nothing is left there when reading fails
     * @throws dev.weir.base.problem.ProblemException with up to 20 problems, each with its place
     */
    public Ingested ingest(List<Path> files, TableFormat format, Schema schema, Path out) {
        ReadableFiles.check(files);
        try {
            return switch (format) {
                case TableFormat.Parquet ignored -> parquet(files, schema, out);
                case TableFormat.Csv csv -> csv(files, csv, schema, out);
                case TableFormat.JsonLines lines -> jsonLines(files, lines, schema, out);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }

    private Ingested csv(List<Path> files, TableFormat.Csv format, Schema schema, Path out)
            throws IOException, SQLException {
        Findings findings = new Findings();
        try (RowLoader loader =
                new RowLoader(duckDb, schema, format.nulls(), format.dates(), findings)) {
            for (Path file : files) {
                try (CsvRows rows = new CsvRows(file, format, findings)) {
                    csv(file, rows, format, schema, loader, findings);
                }
            }
            return finish(files, loader, schema, out, findings);
        }
    }

    private static void csv(
            Path file,
            CsvRows rows,
            TableFormat.Csv format,
            Schema schema,
            RowLoader loader,
            Findings findings)
            throws IOException, SQLException {
        List<String> names = format.names().isEmpty() ? schema.names() : format.names();
        if (format.header()) {
            if (!rows.next()) {
                return;
            }
            names = format.names().isEmpty() ? Headings.of(rows) : names;
        }
        Schema.refuseDoubles(names, file);
        int[] cells = match(file, names, schema, findings);
        rows.width(names.size());
        while (rows.next()) {
            if (rows.cells() != names.size()) {
                findings.add(CsvGuess.ragged(rows, names.size()));
            } else {
                loader.take(rows, cells);
            }
        }
    }

    /** Where each column of the schema stands in the file. */
    private static int[] match(Path file, List<String> names, Schema schema, Findings findings) {
        List<String> wanted = schema.names();
        Place place = Place.of(file, 1);
        for (String name : names) {
            if (!wanted.contains(name)) {
                findings.add(
                        Problem.input(
                                        "table.extra-column",
                                        name
                                                + ": not in the schema (expected: "
                                                + list(wanted)
                                                + ")")
                                .at(place)
                                .hint(
                                        "Add it under columns: in the expectations, or say"
                                                + " table: {extra_columns: allow}."));
            }
        }
        int[] cells = new int[wanted.size()];
        for (int c = 0; c < cells.length; c++) {
            cells[c] = names.indexOf(wanted.get(c));
            if (cells[c] < 0) {
                findings.add(
                        Problem.input(
                                        "table.missing-column",
                                        wanted.get(c)
                                                + ": no such column (found: "
                                                + list(names)
                                                + ")")
                                .at(place)
                                .hint("Has it been renamed? Then rename it in the expectations."));
            }
        }
        findings.refuse();
        return cells;
    }

    private static String list(List<String> names) {
        return names.stream().limit(30).collect(Collectors.joining(", "))
                + (names.size() > 30 ? ", …" : "");
    }

    private Ingested jsonLines(
            List<Path> files, TableFormat.JsonLines format, Schema schema, Path out)
            throws IOException, SQLException {
        Findings findings = new Findings();
        int[] cells = new int[schema.columns().size()];
        java.util.Arrays.setAll(cells, c -> c);
        try (RowLoader loader =
                new RowLoader(duckDb, schema, format.nulls(), format.dates(), findings)) {
            for (Path file : files) {
                try (JsonRows rows = new JsonRows(file, schema.names(), false, findings)) {
                    while (rows.next()) {
                        loader.take(rows, cells);
                    }
                }
            }
            return finish(files, loader, schema, out, findings);
        }
    }

    private Ingested finish(
            List<Path> files, RowLoader loader, Schema schema, Path out, Findings findings)
            throws SQLException {
        findings.refuse();
        refuseNoRows(files, loader.rows());
        loader.write(out);
        return new Ingested(out, false, schema, loader.rows());
    }

    private void refuseNoRows(List<Path> files, long rows) {
        if (!mayBeEmpty) {
            Sniffer.refuseNoRows(files, rows);
        }
    }

    private Ingested parquet(List<Path> files, Schema schema, Path out) throws SQLException {
        ParquetFiles parquet = new ParquetFiles(duckDb);
        Findings findings = new Findings();
        List<Schema> found = new ArrayList<>();
        long rows = 0;
        for (Path file : files) {
            Schema one = parquet.schema(file);
            match(file, one.names(), schema, findings);
            refuseOtherTypes(file, one, schema, findings);
            found.add(one);
            rows += parquet.rows(file);
        }
        findings.refuse();
        refuseNoRows(files, rows);
        if (files.size() == 1 && found.getFirst().names().equals(schema.names())) {
            return new Ingested(files.getFirst(), true, found.getFirst(), rows);
        }
        Schema first = found.getFirst();
        String columns =
                schema.columns().stream()
                        .map(c -> column(c, first))
                        .collect(Collectors.joining(", "));
        String parts =
                files.stream()
                        .map(f -> "select " + columns + " from " + DuckDb.parquet(f, false))
                        .collect(Collectors.joining(" union all "));
        try (DuckDb.Session session = duckDb.single().open()) {
            session.run(ParquetFiles.copy(parts, out));
        }
        return new Ingested(out, false, parquet.schema(out), rows);
    }

    private static String column(Column column, Schema first) {
        String declared =
                first.column(column.name()).map(Column::declared).orElse(column.declared());
        String name = DuckDb.name(column.name());
        return "cast(" + name + " as " + declared + ") as " + name;
    }

    private static void refuseOtherTypes(
            Path file, Schema found, Schema schema, Findings findings) {
        for (Column column : found.columns()) {
            ColumnType wanted =
                    schema.column(column.name()).map(Column::type).orElse(column.type());
            if (wanted != column.type()) {
                findings.add(
                        Problem.input(
                                        "table.type",
                                        column.name()
                                                + ": "
                                                + column.declared()
                                                + " (expected: "
                                                + wanted
                                                + ")")
                                .at(Place.of(file)));
            }
        }
    }
}

package dev.weir.ml.data.log;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks growing tables while others write to them and rearrange their files: what a question sees is
 * every row that there was when it was asked, once. Where a file has gone meanwhile, it is asked
 * again.
 */
final class Reading {
    private static final int TRIES = 8;

    private final DuckDb duckDb;

    Reading(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /**
     * A table, and which of its rows are asked for.
     *
     * @param from in microseconds since the epoch: files without a row of the span are left out
     * @param to the moment after the span
     * @param columns that the relation has where there is not one row
     */
    record Asked(GrowingTable table, long from, long to, List<LogColumn> columns) {
        /** All of its rows. */
        static Asked all(GrowingTable table, List<LogColumn> columns) {
            return new Asked(table, Long.MIN_VALUE, Long.MAX_VALUE, columns);
        }
    }

    /** A question. */
    interface Question<T> {
        /**
         * Asks.
         *
         * @param relations the tables' rows, as SQL that stands behind {@code from}
         */
        T ask(DuckDb.Session session, List<String> relations) throws SQLException, IOException;
    }

    <T> T ask(List<Asked> tables, Question<T> question) {
        for (int tried = 1; ; tried++) {
            List<Path> files = new ArrayList<>();
            try {
                Files.createDirectories(duckDb.scratch());
                Path copies = Files.createTempDirectory(duckDb.scratch(), "tail");
                try (DuckDb.Session session = duckDb.open()) {
                    List<String> relations = new ArrayList<>();
                    for (Asked asked : tables) {
                        List<Path> own =
                                asked.table()
                                        .files(
                                                asked.from(),
                                                asked.to(),
                                                Files.createTempDirectory(copies, "table"));
                        files.addAll(own);
                        relations.add(relation(own, asked.columns()));
                    }
                    return question.ask(session, relations);
                } finally {
                    remove(copies);
                }
            } catch (NoSuchFileException e) {
                refuse(tried, e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException e) {
                if (files.stream().allMatch(Files::exists)) {
                    throw DuckDb.failed(e);
                }
                refuse(tried, e);
            }
        }
    }

    private static void refuse(int tried, Exception e) {
        if (tried == TRIES) {
            throw Problem.step(
                            "traffic.files",
                            "files of the table went while they were read, "
                                    + tried
                                    + " times ("
                                    + e.getMessage()
                                    + ")")
                    .exception(e);
        }
    }

    private static String relation(List<Path> files, List<LogColumn> columns) {
        String none =
                columns.stream()
                        .map(
                                c ->
                                        "cast(null as "
                                                + c.kind().sql()
                                                + ") as "
                                                + DuckDb.name(c.name()))
                        .collect(Collectors.joining(", ", "select ", " where false"));
        return files.isEmpty() ? "(" + none + ")" : TableFolder.relation(files);
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

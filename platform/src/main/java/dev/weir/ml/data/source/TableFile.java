package dev.weir.ml.data.source;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.List;

/**
 * A stranger's table, read whatever it is written in, for commands that need no project.
 *
 * @param parquet the same rows in a file of Weir's own
 * @param guesses one sentence for each thing that was guessed and might be wrong
 */
public record TableFile(String name, Path parquet, Schema schema, long rows, List<String> guesses) {
    /**
     * Reads a table.
     *
     * @param here what its name is relative to
     * @param name a file or a pattern, see {@link SourceFiles}
     * @param source keys of a {@code source} mapping that a person gave; the others are guessed
     * @param into the file of Weir's own; not there yet
     * @throws dev.weir.base.problem.ProblemException where it cannot be read as a table
     */
    public static TableFile open(
            DuckDb duckDb, Path here, String name, ObjectNode source, Path into) {
        List<Path> files = SourceFiles.of(here, name);
        ObjectNode written = source.deepCopy().put("file", files.getFirst().toString());
        Sniffer.Sniffed sniffed = new Sniffer(duckDb).sniff(files, written);
        Tables.Ingested table =
                new Tables(duckDb).ingest(files, sniffed.format(), sniffed.schema(), into);
        return new TableFile(
                name, table.parquet(), table.schema(), table.rows(), sniffed.guesses());
    }
}

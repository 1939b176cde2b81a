/**
 * How a stranger's file becomes rows with types.
 *
 * <p>A file goes in ({@link dev.weir.ml.data.source.SourceFiles} finds it, {@link
 * dev.weir.ml.data.source.Sniffer} finds out how it is written, once, and says what it guessed),
 * one Parquet file comes out ({@link dev.weir.ml.data.source.Tables}), always with the same bytes
 * for the same content. Start at {@code Tables}.
 *
 * <pre>{@code
 * DuckDb duckDb = new DuckDb(scratch, 2);
 * List<Path> files = SourceFiles.of(project, "data/adult.csv");
 * Sniffer.Sniffed sniffed = new Sniffer(duckDb).sniff(files, source);
 * sniffed.guesses().forEach(System.out::println);   // "?" read as missing in workclass, occupation
 * new Tables(duckDb).ingest(files, sniffed.format(), sniffed.schema(), out);
 * }</pre>
 *
 * <p>One tokenizer for each format and one parser of values serve guessing and reading alike, so
 * that both see the same table and every mistake has its line: {@code CsvRows} and {@code JsonRows}
 * cut bytes into {@code TextRows}, {@code CellParser} reads a cell, {@code RowLoader} hands the
 * values to the engine. {@code CsvGuess} and {@code Dialect} guess, and never read.
 *
 * <p>Who only wants to look at the rows of a delimited file once asks {@link
 * dev.weir.ml.data.source.ProvenCsv} first: where nothing in the file is unusual, the engine's own
 * reader sees the same table, at a fifth of the cost.
 */
@NullMarked
package dev.weir.ml.data.source;

import org.jspecify.annotations.NullMarked;

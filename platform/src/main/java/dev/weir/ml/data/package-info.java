/**
 * Tables: how a stranger's file becomes rows with types, and what is known about them.
 *
 * <p>A file goes in ({@link dev.weir.ml.data.SourceFiles} finds it, {@link
 * dev.weir.ml.data.Sniffer} finds out how it is written, once, and says what it guessed), one
 * Parquet file comes out ({@link dev.weir.ml.data.Tables}), always with the same bytes for the same
 * content. Start at {@code Tables}.
 *
 * <pre>{@code
 * DuckDb duckDb = new DuckDb(scratch, 2);
 * List<Path> files = SourceFiles.of(project, "data/adult.csv");
 * Sniffer.Sniffed sniffed = new Sniffer(duckDb).sniff(files, source);
 * sniffed.guesses().forEach(System.out::println);   // "?" read as missing in workclass, occupation
 * new Tables(duckDb).ingest(files, sniffed.format(), sniffed.schema(), out);
 * }</pre>
 *
 * <p>About such a file, {@link dev.weir.ml.data.Profiler} says what it holds, {@link
 * dev.weir.ml.data.ExpectationChecker} whether that is what a suite expects (and {@link
 * dev.weir.ml.data.SuiteWriter} writes a first suite), {@link dev.weir.ml.data.TargetAdvisor} what
 * a model of one of its columns should leave out. {@link dev.weir.ml.data.MatrixReader} reads it
 * for a trainer, with a stable hash of each row to split by; {@link dev.weir.ml.data.ColumnFiles}
 * writes predictions. {@link dev.weir.ml.data.Datasets} keeps the versions.
 *
 * <p>This is the only room that speaks to DuckDB. One tokenizer and one parser of values serve
 * guessing and reading alike, so that both see the same table and every mistake has its line.
 */
@NullMarked
package dev.weir.ml.data;

import org.jspecify.annotations.NullMarked;

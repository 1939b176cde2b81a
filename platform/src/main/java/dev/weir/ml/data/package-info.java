/**
 * Tables: what one is, the engine that reads it, and the versions of it that are kept.
 *
 * <p>Inside Weir a table is one Parquet file with a {@link dev.weir.ml.data.Schema}. The rooms
 * below this one take it from a stranger's file to a trainer:
 *
 * <pre>
 * source   a stranger's file becomes rows with types: one Parquet file    start at Tables
 * profile  what a table holds, and what to make of one of its columns     start at Profiler
 * expect   what a suite of expectations says, and what was found          start at Expectation
 * check    whether a table is what a suite says                           start at ExpectationChecker
 * matrix   a table as numbers for a trainer, and predictions as a table   start at MatrixReader
 * log      tables that grow by a row at a time, while they are read           start at GrowingTable
 * </pre>
 *
 * <p>They all stand on this one, and it on none of them; of these, {@code expect} knows {@code
 * profile}, and {@code check} both. Here are {@link dev.weir.ml.data.ParquetFiles}, which looks
 * into a table, {@link dev.weir.ml.data.Datasets}, which keeps the versions of each, and {@link
 * dev.weir.ml.data.DuckDb}, which says how much of the machine the engine may use:
 *
 * <pre>{@code
 * DuckDb duckDb = new DuckDb(scratch, 2);
 * ParquetFiles tables = new ParquetFiles(duckDb);
 * tables.schema(table).names();   // [age, workclass, …]
 * tables.rows(table);             // 32561, by the footer
 * }</pre>
 *
 * <p>Only these rooms speak to DuckDB; others ask them.
 */
@NullMarked
package dev.weir.ml.data;

import org.jspecify.annotations.NullMarked;

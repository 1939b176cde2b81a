/**
 * Tables that grow: rows are appended one by one, by several processes at once, and read at any
 * moment.
 *
 * <p>Rows come in as bytes ({@link dev.weir.ml.data.log.RowBytes}) of a {@link
 * dev.weir.ml.data.log.Layout}; each writer appends them to a segment of its own ({@link
 * dev.weir.ml.data.log.SegmentWriter}), a write-ahead file of checksummed frames. {@link
 * dev.weir.ml.data.log.GrowingTable} makes one Parquet file of each segment that is closed, or
 * whose writer has died, and hands it over in one step, so that no row is ever seen twice or not at
 * all; and it shows what there is now, rows that are still in segments included. Start there.
 *
 * <pre>
 * FOLDER/open/SEGMENT.open   being written, by the process that holds SEGMENT.lock
 * FOLDER/open/SEGMENT.log    closed, not yet Parquet
 * FOLDER/rows/day=2026-11-25/SEGMENT.parquet
 * FOLDER/manifest.json       which Parquet files count, and which segments they stand for
 * </pre>
 *
 * <pre>{@code
 * GrowingTable table = new GrowingTable(folder, "_time", process, duckDb, clock);
 * try (SegmentWriter segment = table.begin()) {
 *     segment.layout(0, layout);
 *     segment.row(bytes, 0, length);
 *     segment.sync();                                // it survives a power cut now
 * }
 * table.compact();
 * }</pre>
 */
@NullMarked
package dev.weir.ml.data.log;

import org.jspecify.annotations.NullMarked;

/**
 * A table as a trainer and a scorer see it: columns of numbers.
 *
 * <p>A Parquet file and the columns that a model uses ({@link
 * dev.weir.ml.data.matrix.FeatureColumn}) come in; a {@link dev.weir.ml.data.matrix.Matrix} comes
 * out, with a hash of each row that does not depend on the order of rows, for a split that stays as
 * it is when rows are added. What a model answers goes back to Parquet by {@link
 * dev.weir.ml.data.matrix.ColumnFiles}. Start at {@link dev.weir.ml.data.matrix.MatrixReader};
 * {@link dev.weir.ml.data.matrix.DistinctValues} finds the categories that it is given.
 */
@NullMarked
package dev.weir.ml.data.matrix;

import org.jspecify.annotations.NullMarked;

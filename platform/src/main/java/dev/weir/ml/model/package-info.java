/**
 * A model as data: what it takes, what it gives, and what computes it. A model is a folder ({@link
 * dev.weir.ml.model.ModelFolder}) with a {@code signature.json}, and one of two things. A graph is
 * {@code model.onnx}: all preparation of columns is inside it, one input for each column, shape [N,
 * 1], numbers as FP64 (NaN is missing) and categories as text ("" is missing, an unknown text too),
 * so that whoever serves the file needs no code of ours. A program is {@code scorer.json} and
 * whatever files it needs: it is started in a process of its own and asked over a port, so that
 * pickles and other files that bear code are never read in this process.
 *
 * <p>In comes a trained tree ensemble ({@link dev.weir.ml.model.TreeEnsemble}, read from XGBoost's
 * JSON) or a {@link dev.weir.ml.model.LinearModel}, with a {@link dev.weir.ml.model.Signature}; out
 * goes the folder, byte for byte the same for the same model ({@link
 * dev.weir.ml.model.OnnxExport}). A {@link dev.weir.ml.model.Scorer} opens it, with ONNX Runtime in
 * this process, and scores batches of columns.
 *
 * <pre>{@code
 * try (Scorer scorer = Scorer.open(ModelFolder.read(folder), scratch)) {
 *     float[] probabilities = scorer.score(new Columns(2, Map.of(
 *             "age", new Columns.Numbers(new double[] {39, Double.NaN}),
 *             "sex", new Columns.Texts(new String[] {"Male", null}))));
 * }
 * }</pre>
 */
@NullMarked
package dev.weir.ml.model;

import org.jspecify.annotations.NullMarked;

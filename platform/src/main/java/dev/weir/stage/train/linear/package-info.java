/**
 * Fits weighted sums: logistic and softmax regression, and ridge. Pure arithmetic on arrays; it
 * knows nothing of tables and graphs. A {@link dev.weir.stage.train.linear.Design} (dense columns,
 * and beside them a sparse part for categories and words) and labels go in as a {@link
 * dev.weir.stage.train.linear.LinearProblem}; weights come out of {@link
 * dev.weir.stage.train.linear.Minimiser}. {@link dev.weir.stage.train.linear.Vocabulary} chooses
 * which words count.
 *
 * <p>The same rows give the same weights, to the last bit, on any machine and with any number of
 * threads: sums run over blocks of rows whose borders depend on the rows alone, blocks are added up
 * in their order, and what the language leaves to the machine (exp, log) is taken from StrictMath.
 *
 * <pre>{@code
 * LinearProblem problem = new LinearProblem(Link.LOGISTIC, 1, design, labels, new float[0], 1.0, all);
 * Minimiser.Found found = new Minimiser(problem, 300, 1e-5, 2).find(new BitSet(), 0, log);
 * }</pre>
 */
@NullMarked
package dev.weir.stage.train.linear;

import org.jspecify.annotations.NullMarked;

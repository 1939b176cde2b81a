/**
 * Errors for people. Whatever goes wrong in Weir and can be told to a person is a {@link
 * dev.weir.base.problem.Problem}: a code, a message with the value and what was expected, a place
 * and what to do. Code that cannot go on throws a {@link dev.weir.base.problem.ProblemException};
 * the doors translate it: the command line into words and an exit code, a server into the error
 * form of its protocol.
 *
 * <pre>{@code
 * throw Problem.input("holdout.fraction", "holdout.fraction: 1.4 (expected: above 0 and below 1)")
 *     .at(Place.of(file, 12, 14))
 *     .hint("Take 0.2 to hold out a fifth of the rows.")
 *     .exception();
 * }</pre>
 */
@NullMarked
package dev.weir.base.problem;

import org.jspecify.annotations.NullMarked;

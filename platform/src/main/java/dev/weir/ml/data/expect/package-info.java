/**
 * What a table is expected to be, and what was found: the language of suites and reports.
 *
 * <p>A YAML file ({@code expectations/<model>.yaml}) is read into an {@link
 * dev.weir.ml.data.expect.ExpectationSuite}; {@link dev.weir.ml.data.expect.Expectation} lists what
 * can be expected. {@link dev.weir.ml.data.expect.ExpectationReport} is the answer of the room
 * {@code check}, which holds tables against suites. {@link dev.weir.ml.data.expect.SuiteWriter}
 * writes a first suite from a profile:
 *
 * <pre>{@code
 * Profile profile = new Profiler(duckDb).profile(table);
 * Files.writeString(file, new SuiteWriter().yaml(profile));
 * }</pre>
 */
@NullMarked
package dev.weir.ml.data.expect;

import org.jspecify.annotations.NullMarked;

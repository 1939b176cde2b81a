/**
 * One page for a person: what was judged, and why, of data, of drift and of models alike.
 *
 * <p>In comes a {@link dev.weir.ml.gate.page.Page}: facts, and sections of {@link
 * dev.weir.ml.gate.page.Item}s, each with its verdict, a sentence, and, where there is one, a
 * {@link dev.weir.ml.gate.page.Histogram} and {@link dev.weir.ml.gate.page.Detail}s. Out comes one
 * HTML file that needs no other: it can be mailed, kept beside a build, and opened in ten years. It
 * says nothing that its caller did not put in: whoever makes the page masks what is personal.
 *
 * <p>Start reading at {@link dev.weir.ml.gate.page.Page}.
 *
 * <pre>{@code
 * Page page = new Page("income", "Data checks", at, facts, List.of(
 *     new Page.Section("Columns", "", List.of(
 *         new Item("age.min", Verdict.FAIL, "2 of 32,561 rows", ">= 17", "age: 2 rows break min",
 *             null, List.of(new Detail.Code("SQL that finds them", sql)))))));
 * Files.writeString(file, page.html());
 * }</pre>
 */
@NullMarked
package dev.weir.ml.gate.page;

import org.jspecify.annotations.NullMarked;

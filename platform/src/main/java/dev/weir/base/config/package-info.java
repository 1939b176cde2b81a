/**
 * YAML that a team writes, read strictly. A file comes in; a {@link
 * dev.weir.base.config.ConfigNode} comes out, in which every value knows its line and column, and
 * which fits the JSON Schema that is published for that kind of file. Everything that is wrong is
 * reported at once, each with its place, the value, what was expected, and a "did you mean".
 *
 * <p>Start at {@link dev.weir.base.config.YamlReader}. YAML is read by version 1.2: {@code yes},
 * {@code on} and {@code 1_000} are text; a key that stands twice is an error.
 *
 * <pre>{@code
 * ConfigNode pipeline = new YamlReader().read(file, ConfigSchema.PIPELINE);
 * double fraction = pipeline.at("train", "holdout", "fraction").map(ConfigNode::number).orElse(0.2);
 * }</pre>
 */
@NullMarked
package dev.weir.base.config;

import org.jspecify.annotations.NullMarked;

/**
 * The command line: a door that translates and decides nothing. A command reads its options, asks
 * {@code project} to do the work, and shows the answer: as tables and colours to a person, as plain
 * text to a pipe, as one JSON document with {@code --json}. Start at {@link dev.weir.cli.Weir};
 * each command is a class of its own. Exit codes are those of {@link dev.weir.base.problem.Kind}.
 */
@NullMarked
package dev.weir.cli;

import org.jspecify.annotations.NullMarked;

package dev.weir.cli;

import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Verdict;

import java.util.List;

/** Verdicts as a table; a reason only where it says more than the figures. */
final class GateTable {
    private GateTable() {}

    static void show(Screen screen, List<Ruling> rulings) {
        screen.table(
                List.of("gate", "verdict", "value", "expected", "reason"),
                rulings.stream().map(r -> row(screen, r)).toList());
    }

    private static List<String> row(Screen screen, Ruling ruling) {
        boolean told = ruling.verdict() == Verdict.SKIPPED || ruling.verdict() == Verdict.ERROR;
        return List.of(
                ruling.gate(),
                RunLines.painted(screen, ruling.verdict()),
                ruling.value().text(),
                ruling.expected(),
                told ? ruling.reason() : relaxed(screen, ruling));
    }

    /** What an earlier version was asked for, where this one is asked for less. */
    static String relaxed(Screen screen, Ruling ruling) {
        return ruling.relaxed() == null ? "" : screen.yellow("relaxed") + ": " + ruling.relaxed();
    }
}

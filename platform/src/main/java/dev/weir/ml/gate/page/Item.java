package dev.weir.ml.gate.page;

import dev.weir.ml.gate.Verdict;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One line of a page: what was judged, and the answer.
 *
 * @param value what was seen, short; may be empty
 * @param expected what was asked for, short; may be empty
 * @param message a sentence, and what to do
 * @param chart beside the line, where there is something to draw
 * @param details what a reader sees who opens the line
 */
public record Item(
        String name,
        Verdict verdict,
        String value,
        String expected,
        String message,
        @Nullable Histogram chart,
        List<Detail> details) {
    public Item {
        details = List.copyOf(details);
    }
}

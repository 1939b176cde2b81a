package dev.weir.ml.tracking.search;

import java.util.List;

/** What a clause compares with. */
public sealed interface Value {
    /** A number. */
    record Number(double number) implements Value {}

    /** A text. */
    record Text(String text) implements Value {}

    /** Texts, after IN. */
    record Texts(List<String> texts) implements Value {
        public Texts {
            texts = List.copyOf(texts);
        }
    }
}

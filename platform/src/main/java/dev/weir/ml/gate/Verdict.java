package dev.weir.ml.gate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The answer of a gate on evidence at a moment. */
public enum Verdict {
    /** The evidence is as the rule demands. */
    PASS,
    /** It is not, and the rule only warns. */
    WARN,
    /** It is not. */
    FAIL,
    /** The rule could not be evaluated: never a pass. */
    ERROR,
    /** Too little data, or nothing to compare with. */
    SKIPPED;

    /** The word that people and JSON use: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The verdict of this word, if it is one. */
    public static Optional<Verdict> named(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }

    /** The verdict of this word. */
    public static Verdict of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}

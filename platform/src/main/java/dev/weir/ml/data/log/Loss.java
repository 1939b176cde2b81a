package dev.weir.ml.data.log;

import java.util.Locale;

/** Why a row is not in a table that should be. */
public enum Loss {
    /** Rows came faster than they could be written. */
    FULL,
    /** The row alone is larger than a writer takes. */
    TOO_LARGE,
    /** It could not be written: a full disk. */
    FAILED;

    /** In lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Loss of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}

package dev.weir.ml.tracking.search;

/**
 * A word of a filter.
 *
 * @param text of a quoted one, without the quotes
 * @param at the place of its first character, from 0
 */
record Token(Kind kind, String text, int at) {
    enum Kind {
        /** A name or keyword: letters, digits, {@code _ . - /} and what is in backticks. */
        WORD,
        /** In single quotes. */
        TEXT,
        /** In double quotes: a key or a text. */
        QUOTED,
        NUMBER,
        /** {@code = != < <= > >=} */
        COMPARATOR,
        OPEN,
        CLOSE,
        COMMA,
        END
    }

    boolean is(String keyword) {
        return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
    }

    /** As a message shows it. */
    String shown() {
        return kind == Kind.END ? "its end" : "'" + text + "'";
    }
}

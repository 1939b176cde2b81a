package dev.weir.ml.tracking.search;

/** How a clause compares. */
public enum Operator {
    EQUAL("="),
    UNEQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">="),
    /** {@code %} any characters, {@code _} one; upper and lower case differ. */
    LIKE("LIKE"),
    /** As LIKE, upper and lower case alike. */
    ILIKE("ILIKE"),
    IN("IN"),
    NOT_IN("NOT IN");

    private final String text;

    Operator(String text) {
        this.text = text;
    }

    /** As a filter writes it. */
    public String text() {
        return text;
    }
}

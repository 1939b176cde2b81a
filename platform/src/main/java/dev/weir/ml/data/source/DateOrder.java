package dev.weir.ml.data.source;

import java.util.Locale;

/** In which order a text file writes the parts of a day. */
public enum DateOrder {
    /** {@code 2011-01-31}, as ISO 8601 has it. */
    YEAR_FIRST,
    /** {@code 1/31/2011}. */
    MONTH_FIRST,
    /** {@code 31/1/2011} or {@code 31.1.2011}. */
    DAY_FIRST;

    /** As it stands in a pipeline file: {@code month-first}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package dev.weir.ml.data;

/** Tells columns of sentences from columns of names, in SQL. */
public final class Words {
    /** From this many words on average a text is read word by word. */
    public static final double OF_A_TEXT = 2.5;

    private Words() {}

    /** The average number of words, parted by white space, of a column's values; an aggregate. */
    public static String mean(String column) {
        String text = "trim(cast(" + DuckDb.name(column) + " as varchar))";
        return "avg(len(string_split_regex(" + text + ", '\\s+')))";
    }
}

package dev.weir.ml.gate.page;

import java.util.List;

/** What stands below a line once a reader opens it. */
public sealed interface Detail {
    /** What it is, for its heading. */
    String title();

    /** Something to copy: SQL, a command. */
    record Code(String title, String text) implements Detail {}

    /**
     * Rows and columns.
     *
     * @param rows each as long as the headings
     */
    record Table(String title, List<String> headings, List<List<String>> rows) implements Detail {
        public Table {
            headings = List.copyOf(headings);
            rows = List.copyOf(rows);
        }
    }
}

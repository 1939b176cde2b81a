package dev.weir.ml.data.check;

import java.sql.SQLException;
import java.util.Collection;

/** How the rows that break the checks are counted. */
interface Plan {
    /** Is told which check cannot be counted, and why. */
    interface Failures {
        /** Notes it. */
        void failed(Counting counting, SQLException cause);
    }

    /**
     * Sets the numbers of each check that can be counted.
     *
     * @return how many rows the table has
     * @throws SQLException where nothing can be counted
     */
    long count(Collection<Counting> countings, Failures failures) throws SQLException;
}

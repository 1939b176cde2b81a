package dev.weir.store.ledger;

/**
 * Where an event stands in the order in which readers meet it.
 *
 * @param xact the number of its transaction on PostgreSQL; 0 on SQLite, where writers take turns
 * @param seq its number in the table
 */
public record Position(long xact, long seq) implements Comparable<Position> {
    /** Before all events. */
    public static final Position START = new Position(0, 0);

    @Override
    public int compareTo(Position other) {
        return xact == other.xact ? Long.compare(seq, other.seq) : Long.compare(xact, other.xact);
    }
}

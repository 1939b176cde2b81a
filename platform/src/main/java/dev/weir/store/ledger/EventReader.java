package dev.weir.store.ledger;

import dev.weir.base.problem.Problem;
import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import java.time.Clock;
import java.util.List;

/**
 * A program's place in the ledger. It meets every committed event once, in one order, however its
 * transaction and others overlapped, and remembers its place over restarts.
 *
 * <p>On PostgreSQL an event is met when no older transaction of that server runs any more, so a
 * transaction that stays open holds readers back. Positions hold within one server: a dump that is
 * restored into another begins to count its transactions anew, and needs its events' {@code xact}
 * set to 0 and its cursors' with them.
 */
public final class EventReader {
    private final String name;
    private final Clock clock;

    /**
     * @param name of the reader; each has a place of its own
     */
    public EventReader(String name, Clock clock) {
        this.name = name;
        this.clock = clock;
    }

    /**
     * What was read.
     *
     * @param after the place before the first event
     * @param events in the order of their positions
     */
    public record Batch(Position after, List<Event> events) {
        public Batch {
            events = List.copyOf(events);
        }

        /** The place after the last event. */
        public Position end() {
            return events.isEmpty() ? after : events.getLast().position();
        }

        /** The first events only, for a program that could not take all. */
        public Batch first(int count) {
            return new Batch(after, events.subList(0, count));
        }
    }

    /**
     * The events after this reader's place; the place stays until {@link #advance}.
     *
     * @param most how many at most
     */
    public Batch read(Transaction tx, int most) {
        EventDao dao = new EventDao(tx);
        Position after = dao.cursor(name).orElse(Position.START);
        return new Batch(
                after, dao.settledAfter(after, most).stream().map(EventDao.Row::event).toList());
    }

    /**
     * Moves this reader's place behind a batch, in the transaction of what the program did on it.
     *
     * @throws dev.weir.base.problem.ProblemException {@code ledger.read-already} where another
     *     process of this name has moved it since: roll back, and read again
     */
    public void advance(Transaction tx, Batch batch) {
        if (batch.events().isEmpty()) {
            return;
        }
        long now = Times.micros(clock.instant());
        if (!new EventDao(tx).moveCursor(name, batch.after(), batch.end(), now)) {
            throw Problem.refused(
                            "ledger.read-already",
                            "reader %s: no longer at %s (expected: that nobody else moves it)"
                                    .formatted(name, batch.after()))
                    .exception();
        }
    }
}

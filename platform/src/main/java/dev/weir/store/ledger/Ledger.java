package dev.weir.store.ledger;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.JsonNode;

import java.time.Clock;
import java.util.List;

/** Appends events, and shows them. */
public final class Ledger {
    private final Clock clock;
    private final Ids ids;

    public Ledger(Clock clock, Ids ids) {
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Appends an event in the transaction of the change that it tells.
     *
     * @param workspace whose state has changed
     * @param actor who did it
     * @param kind what was done: {@code alias.moved}
     * @param subject what it was done to: {@code model:income}
     * @param payload JSON; a person's data stands in it as a digest only
     */
    public Event append(
            Transaction tx,
            String workspace,
            Actor actor,
            String kind,
            String subject,
            JsonNode payload) {
        String canonical = CanonicalJson.text(payload);
        EventDao.Row row =
                new EventDao.Row(
                        0,
                        0,
                        ids.next(),
                        workspace,
                        actor.kind().word(),
                        actor.name(),
                        kind,
                        subject,
                        Times.micros(clock.instant()),
                        canonical,
                        Digest.ofText(canonical).hex());
        return row.event(new EventDao(tx).insert(row));
    }

    /**
     * The newest events that the filter lets through, newest first.
     *
     * @param most how many at most
     */
    public List<Event> events(Transaction tx, EventFilter filter, int most) {
        return new EventDao(tx).newest(filter, most).stream().map(EventDao.Row::event).toList();
    }
}

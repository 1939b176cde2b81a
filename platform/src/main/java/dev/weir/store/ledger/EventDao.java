package dev.weir.store.ledger;

import dev.weir.base.digest.Digest;
import dev.weir.base.digest.JsonTree;
import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

import java.util.List;
import java.util.Optional;

/** SQL of the tables {@code event} and {@code event_cursor}. */
final class EventDao {
    private static final String COLUMNS =
            "xact, seq, id, workspace, actor_kind, actor_name, kind, subject, at_us, payload,"
                    + " payload_digest";

    private final Transaction tx;

    EventDao(Transaction tx) {
        this.tx = tx;
    }

    /** As the table has it; public, because Jdbi binds by public methods of public classes only. */
    public record Row(
            long xact,
            long seq,
            String id,
            String workspace,
            String actorKind,
            String actorName,
            String kind,
            String subject,
            long atUs,
            String payload,
            String payloadDigest) {
        Event event() {
            return event(new Position(xact, seq));
        }

        Event event(Position position) {
            return new Event(
                    id,
                    position,
                    workspace,
                    new Actor(Actor.Kind.of(actorKind), actorName),
                    kind,
                    subject,
                    Times.instant(atUs),
                    JsonTree.read(payload),
                    new Digest(payloadDigest));
        }
    }

    Position insert(Row row) {
        return tx.handle()
                .createQuery(
                        """
                        insert into event (id, workspace, actor_kind, actor_name, kind, subject,
                          at_us, payload, payload_digest)
                        values (:id, :workspace, :actorKind, :actorName, :kind, :subject,
                          :atUs, :payload, :payloadDigest)
                        returning xact, seq
                        """)
                .bindMethods(row)
                .map(ConstructorMapper.of(Position.class))
                .one();
    }

    List<Row> newest(EventFilter filter, int most) {
        StringBuilder where = new StringBuilder("workspace = :workspace");
        if (filter.subject() != null) {
            where.append(" and subject = :subject");
        }
        if (filter.kind() != null) {
            where.append(" and kind = :kind");
        }
        if (filter.beforeSeq() != null) {
            where.append(" and seq < :beforeSeq");
        }
        return tx.handle()
                .createQuery(
                        "select "
                                + COLUMNS
                                + " from event where "
                                + where
                                + " order by seq desc limit :most")
                .bindMethods(filter)
                .bind("most", most)
                .map(ConstructorMapper.of(Row.class))
                .list();
    }

    /**
     * Events after a position that no event can come before any more. On PostgreSQL those are the
     * ones whose transaction is older than every transaction that still runs.
     */
    List<Row> settledAfter(Position position, int most) {
        String settled =
                switch (tx.dialect()) {
                    case SQLITE -> "";
                    case POSTGRESQL ->
                            " and xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
                };
        return tx.handle()
                .createQuery(
                        "select "
                                + COLUMNS
                                + " from event where (xact, seq) > (:xact, :seq)"
                                + settled
                                + " order by xact, seq limit :most")
                .bindMethods(position)
                .bind("most", most)
                .map(ConstructorMapper.of(Row.class))
                .list();
    }

    Optional<Position> cursor(String reader) {
        return tx.handle()
                .createQuery("select xact, seq from event_cursor where reader = :reader")
                .bind("reader", reader)
                .map(ConstructorMapper.of(Position.class))
                .findOne();
    }

    /** Moves a cursor from where it is believed to be; false where it is elsewhere. */
    boolean moveCursor(String reader, Position from, Position to, long nowUs) {
        return tx.handle()
                        .createUpdate(
                                """
                                insert into event_cursor (reader, xact, seq, updated_us)
                                values (:reader, :xact, :seq, :now)
                                on conflict (reader) do update set
                                  xact = excluded.xact, seq = excluded.seq,
                                  updated_us = excluded.updated_us
                                where event_cursor.xact = :fromXact
                                  and event_cursor.seq = :fromSeq
                                """)
                        .bind("reader", reader)
                        .bind("xact", to.xact())
                        .bind("seq", to.seq())
                        .bind("now", nowUs)
                        .bind("fromXact", from.xact())
                        .bind("fromSeq", from.seq())
                        .execute()
                == 1;
    }
}

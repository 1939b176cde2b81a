package dev.weir.ml.registry;

import dev.weir.base.digest.Digest;
import dev.weir.store.ledger.Actor;
import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Rows of promotions that were asked for, and of the approvals that they got. */
final class RequestDao {
    private static final String COLUMNS =
            """
            select id, model, version, from_stage, to_stage, state, actor, reason, archive,
                production, needed, because, recipe_digest, model_digest, verdict_digest, note,
                created_us, updated_us
            from promotion_request where workspace = ?\
            """;
    private static final String OPEN = " and state in ('waiting', 'approved', 'under_way')";

    private final Transaction tx;
    private final Handle handle;
    private final String workspace;

    RequestDao(Transaction tx, String workspace) {
        this.tx = tx;
        this.handle = tx.handle();
        this.workspace = workspace;
    }

    void insert(RequestedPromotion promotion) {
        handle.createUpdate(
                        """
                        insert into promotion_request
                            (id, workspace, model, version, from_stage, to_stage, state, actor,
                             reason, archive, production, needed, because, recipe_digest,
                             model_digest, verdict_digest, note, created_us, updated_us)
                        values (:id, :workspace, :model, :version, :from, :to, :state, :actor,
                            :reason, :archive, :production, :needed, :because, :recipe, :content,
                            :verdicts, :note, :created, :updated)\
                        """)
                .bind("id", promotion.id())
                .bind("workspace", workspace)
                .bind("model", promotion.model())
                .bind("version", promotion.version())
                .bind("from", promotion.from().word())
                .bind("to", promotion.target().word())
                .bind("state", column(promotion.state()))
                .bind("actor", promotion.actor().toString())
                .bind("reason", promotion.reason())
                .bind("archive", promotion.archive() ? 1 : 0)
                .bind("production", column(promotion.expected()))
                .bind("needed", promotion.needed())
                .bind("because", promotion.because())
                .bind("recipe", promotion.approves().recipe().hex())
                .bind("content", promotion.approves().model().hex())
                .bind("verdicts", promotion.approves().verdicts().hex())
                .bind("note", promotion.note())
                .bind("created", Times.micros(promotion.asked()))
                .bind("updated", Times.micros(promotion.updated()))
                .execute();
    }

    void update(RequestedPromotion promotion) {
        handle.execute(
                "update promotion_request set state = ?, note = ?, updated_us = ? where id = ?",
                column(promotion.state()),
                promotion.note(),
                Times.micros(promotion.updated()),
                promotion.id());
    }

    void approve(String id, Approval approval) {
        handle.execute(
                """
                insert into promotion_approval (request_id, actor, note, digest, at_us)
                values (?, ?, ?, ?, ?)\
                """,
                id,
                approval.actor().toString(),
                approval.note(),
                approval.digest().hex(),
                Times.micros(approval.at()));
    }

    Optional<RequestedPromotion> ofId(String id) {
        return handle.select(COLUMNS + " and id = ?", workspace, id).map(this::row).findOne();
    }

    /** Those whose id begins so, at most two. */
    List<RequestedPromotion> beginning(String prefix) {
        return handle.select(
                        COLUMNS + " and id >= ? and id < ? order by id limit 2",
                        workspace,
                        prefix,
                        prefix + "g")
                .map(this::row)
                .list();
    }

    /** Those of which something can still come, the oldest first. */
    List<RequestedPromotion> open(String model) {
        return handle.select(COLUMNS + " and model = ?" + OPEN + " order by seq", workspace, model)
                .map(this::row)
                .list();
    }

    /** All of the workspace, the newest first. */
    List<RequestedPromotion> all(int limit) {
        return handle.select(COLUMNS + " order by seq desc limit ?", workspace, limit)
                .map(this::row)
                .list();
    }

    /** All of which something can still come, the newest first. */
    List<RequestedPromotion> open() {
        return handle.select(COLUMNS + OPEN + " order by seq desc", workspace)
                .map(this::row)
                .list();
    }

    private List<Approval> approvals(String id) {
        return handle.select(
                        """
                        select actor, note, digest, at_us from promotion_approval
                        where request_id = ? order by at_us, actor\
                        """,
                        id)
                .map(
                        (row, context) ->
                                new Approval(
                                        Actor.parse(row.getString(1)),
                                        row.getString(2),
                                        new Digest(row.getString(3)),
                                        Times.instant(row.getLong(4))))
                .list();
    }

    private RequestedPromotion row(ResultSet row, StatementContext context) throws SQLException {
        String id = row.getString(1);
        return new RequestedPromotion(
                id,
                row.getString(2),
                row.getLong(3),
                Stage.of(row.getString(4)),
                Stage.of(row.getString(5)),
                PromotionState.valueOf(row.getString(6).toUpperCase(Locale.ROOT)),
                Actor.parse(row.getString(7)),
                row.getString(8),
                row.getInt(9) == 1,
                production(row.getString(10)),
                row.getInt(11),
                row.getString(12),
                new Approved(
                        new Digest(row.getString(13)),
                        new Digest(row.getString(14)),
                        new Digest(row.getString(15))),
                approvals(id),
                row.getString(16),
                Times.instant(row.getLong(17)),
                Times.instant(row.getLong(18)),
                new PromotionDao(tx, workspace).ofId(id).orElse(null));
    }

    private static String column(PromotionState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String column(Production expected) {
        return switch (expected) {
            case Production.Whatever ignored -> "any";
            case Production.None ignored -> "none";
            case Production.Version(long version) -> Long.toString(version);
        };
    }

    private static Production production(String column) {
        return switch (column) {
            case "any" -> new Production.Whatever();
            case "none" -> new Production.None();
            default -> new Production.Version(Long.parseLong(column));
        };
    }
}

package dev.weir.ml.registry;

import dev.weir.base.digest.JsonTree;
import dev.weir.store.ledger.Actor;
import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Rows of promotions. */
final class PromotionDao {
    private static final String COLUMNS =
            """
            select id, model, version, kind, from_stage, to_stage, replaced, below, actor,
                reason, judgement_id, approvals, at_us
            from promotion where workspace = ?\
            """;

    private final Handle handle;
    private final String workspace;

    PromotionDao(Transaction tx, String workspace) {
        this.handle = tx.handle();
        this.workspace = workspace;
    }

    void insert(Promotion promotion) {
        handle.createUpdate(
                        """
                        insert into promotion
                            (id, workspace, model, version, kind, from_stage, to_stage, replaced,
                             below, actor, reason, judgement_id, approvals, at_us)
                        values (:id, :workspace, :model, :version, :kind, :from, :to, :replaced,
                            :below, :actor, :reason, :judgement, :approvals, :at)\
                        """)
                .bind("id", promotion.id())
                .bind("workspace", workspace)
                .bind("model", promotion.model())
                .bind("version", promotion.version())
                .bind("kind", promotion.kind().name().toLowerCase(Locale.ROOT))
                .bind("from", promotion.from().word())
                .bind("to", promotion.to().word())
                .bind("replaced", promotion.replaced())
                .bind("below", promotion.below())
                .bind("actor", promotion.actor().toString())
                .bind("reason", promotion.reason())
                .bind("judgement", promotion.judgementId())
                .bind("approvals", JsonMapper.shared().writeValueAsString(promotion.approvals()))
                .bind("at", Times.micros(promotion.at()))
                .execute();
    }

    /** Forgets the promotions of a version; a rollback passes over them. */
    void delete(String model, long version) {
        for (Promotion promotion : ofModel(model)) {
            if (promotion.version() == version) {
                handle.execute(
                        "update promotion set below = ? where workspace = ? and below = ?",
                        promotion.below(),
                        workspace,
                        promotion.id());
                handle.execute("delete from promotion where id = ?", promotion.id());
            }
        }
    }

    Optional<Promotion> ofId(String id) {
        return handle.select(COLUMNS + " and id = ?", workspace, id)
                .map(PromotionDao::promotion)
                .findOne();
    }

    List<Promotion> ofModel(String model) {
        return handle.select(COLUMNS + " and model = ? order by seq desc", workspace, model)
                .map(PromotionDao::promotion)
                .list();
    }

    private static Promotion promotion(ResultSet row, StatementContext context)
            throws SQLException {
        long number = row.getLong(7);
        @Nullable Long replaced = row.wasNull() ? null : number;
        return new Promotion(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                Promotion.Kind.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                Stage.of(row.getString(5)),
                Stage.of(row.getString(6)),
                replaced,
                row.getString(8),
                Actor.parse(row.getString(9)),
                row.getString(10),
                row.getString(11),
                JsonTree.read(row.getString(12)).valueStream().map(n -> n.stringValue()).toList(),
                Times.instant(row.getLong(13)));
    }
}

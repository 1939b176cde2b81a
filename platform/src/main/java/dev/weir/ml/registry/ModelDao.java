package dev.weir.ml.registry;

import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rows of registered models and their aliases. */
final class ModelDao {
    /** Where an alias points, and the promotion that moved it, if it is a reserved one. */
    record AliasRow(long version, @Nullable String promotionId) {}

    private static final String COLUMNS =
            """
            select name, description, last_version, created_us, updated_us
            from registered_model where workspace = ?\
            """;

    private final Handle handle;
    private final String workspace;

    ModelDao(Transaction tx, String workspace) {
        this.handle = tx.handle();
        this.workspace = workspace;
    }

    /** Whether there was none of this name. */
    boolean insertIfMissing(String name, String description, Instant now) {
        return handle.execute(
                        """
                        insert into registered_model
                            (workspace, name, description, last_version, created_us, updated_us)
                        values (?, ?, ?, 0, ?, ?) on conflict do nothing\
                        """,
                        workspace,
                        name,
                        description,
                        Times.micros(now),
                        Times.micros(now))
                == 1;
    }

    /** The next version number; never given again. Others that ask wait for this transaction. */
    long nextVersion(String name, Instant now) {
        return handle.select(
                        """
                        update registered_model
                        set last_version = last_version + 1, updated_us = ?
                        where workspace = ? and name = ? returning last_version\
                        """,
                        Times.micros(now),
                        workspace,
                        name)
                .mapTo(Long.class)
                .one();
    }

    void touch(String name, Instant now) {
        handle.execute(
                "update registered_model set updated_us = ? where workspace = ? and name = ?",
                Times.micros(now),
                workspace,
                name);
    }

    void rename(String name, String to, Instant now) {
        set("name", name, to, now);
    }

    void describe(String name, String description, Instant now) {
        set("description", name, description, now);
    }

    private void set(String column, String name, String value, Instant now) {
        handle.execute(
                "update registered_model set "
                        + column
                        + " = ?, updated_us = ? where workspace = ? and name = ?",
                value,
                Times.micros(now),
                workspace,
                name);
    }

    /** The model itself; what refers to it must be gone, but for its tags. */
    void delete(String name) {
        handle.execute(
                "delete from registered_model where workspace = ? and name = ?", workspace, name);
    }

    /** Aliases of one version. */
    void deleteAliases(String model, long version) {
        handle.execute(
                "delete from model_alias where workspace = ? and model = ? and version = ?",
                workspace,
                model,
                version);
    }

    Optional<RegisteredModel> named(String name) {
        return handle.select(COLUMNS + " and name = ?", workspace, name).map(this::model).findOne();
    }

    List<RegisteredModel> all() {
        return handle.select(COLUMNS + " order by name", workspace).map(this::model).list();
    }

    Optional<AliasRow> alias(String model, String alias) {
        return handle.select(
                        """
                        select version, promotion_id from model_alias
                        where workspace = ? and model = ? and alias = ?\
                        """,
                        workspace,
                        model,
                        alias)
                .map((row, context) -> new AliasRow(row.getLong(1), row.getString(2)))
                .findOne();
    }

    void putAlias(
            String model, String alias, long version, @Nullable String promotionId, Instant now) {
        handle.execute(
                """
                insert into model_alias
                    (workspace, model, alias, version, promotion_id, updated_us)
                values (?, ?, ?, ?, ?, ?)
                on conflict (workspace, model, alias) do update set
                    version = excluded.version, promotion_id = excluded.promotion_id,
                    updated_us = excluded.updated_us\
                """,
                workspace,
                model,
                alias,
                version,
                promotionId,
                Times.micros(now));
    }

    /** Whether there was such an alias. */
    boolean deleteAlias(String model, String alias) {
        return handle.execute(
                        "delete from model_alias where workspace = ? and model = ? and alias = ?",
                        workspace,
                        model,
                        alias)
                == 1;
    }

    private RegisteredModel model(ResultSet row, StatementContext context) throws SQLException {
        String name = row.getString(1);
        return new RegisteredModel(
                name,
                row.getString(2),
                row.getLong(3),
                aliases(name),
                Times.instant(row.getLong(4)),
                Times.instant(row.getLong(5)));
    }

    private SortedMap<String, Long> aliases(String model) {
        return handle.select(
                        "select alias, version from model_alias where workspace = ? and model = ?",
                        workspace,
                        model)
                .reduceResultSet(
                        new TreeMap<>(),
                        (found, row, context) -> {
                            found.put(row.getString(1), row.getLong(2));
                            return found;
                        });
    }
}

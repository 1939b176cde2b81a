package dev.weir.ml.registry;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;
import dev.weir.base.digest.JsonTree;
import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of model versions. */
final class VersionDao {
    private static final String COLUMNS =
            """
            select model, version, stage, digest, recipe, recipe_digest, run_id, source,
                description, metrics, signature, judgement_id, created_us, updated_us
            from model_version\
            """;
    private static final String OF_WORKSPACE = COLUMNS + " where workspace = ?";

    private final Handle handle;
    private final String workspace;

    VersionDao(Transaction tx, String workspace) {
        this.handle = tx.handle();
        this.workspace = workspace;
    }

    void insert(ModelVersion version) {
        handle.createUpdate(
                        """
                        insert into model_version
                            (workspace, model, version, stage, digest, recipe, recipe_digest,
                             run_id, source, description, metrics, signature, created_us,
                             updated_us)
                        values (:workspace, :model, :version, :stage, :digest, :recipe,
                            :recipeDigest, :run, :source, :description, :metrics, :signature,
                            :created, :updated)\
                        """)
                .bind("workspace", workspace)
                .bind("model", version.model())
                .bind("version", version.version())
                .bind("stage", version.stage().word())
                .bind("digest", hex(version.digest()))
                .bind("recipe", CanonicalJson.text(version.recipe().json()))
                .bind("recipeDigest", hex(version.recipeDigest()))
                .bind("run", version.runId())
                .bind("source", version.source())
                .bind("description", version.description())
                .bind("metrics", CanonicalJson.text(MetricsJson.write(version.metrics())))
                .bind("signature", JsonMapper.shared().writeValueAsString(version.signature()))
                .bind("created", Times.micros(version.created()))
                .bind("updated", Times.micros(version.updated()))
                .execute();
    }

    void stage(ModelVersion version, Stage stage, Instant now) {
        set("stage", version, stage.word(), now);
    }

    void judged(ModelVersion version, String judgementId, Instant now) {
        set("judgement_id", version, judgementId, now);
    }

    void describe(ModelVersion version, String description, Instant now) {
        set("description", version, description, now);
    }

    private void set(String column, ModelVersion version, String value, Instant now) {
        handle.execute(
                "update model_version set "
                        + column
                        + " = ?, updated_us = ? where workspace = ? and model = ? and version = ?",
                value,
                Times.micros(now),
                workspace,
                version.model(),
                version.version());
    }

    /** What a client told of a version that is kept elsewhere. */
    void elsewhere(ModelVersion version, String runLink, String location) {
        handle.execute(
                """
                update model_version set run_link = ?, location = ?
                where workspace = ? and model = ? and version = ?\
                """,
                runLink,
                location,
                workspace,
                version.model(),
                version.version());
    }

    /** The version itself; what refers to it must be gone, but for its tags. */
    void delete(ModelVersion version) {
        handle.execute(
                "delete from model_version where workspace = ? and model = ? and version = ?",
                workspace,
                version.model(),
                version.version());
    }

    List<ModelVersion> ofWorkspace() {
        return handle.select(OF_WORKSPACE + " order by model, version desc", workspace)
                .map(VersionDao::version)
                .list();
    }

    Optional<ModelVersion> ofNumber(String model, long version) {
        return handle.select(
                        OF_WORKSPACE + " and model = ? and version = ?", workspace, model, version)
                .map(VersionDao::version)
                .findOne();
    }

    Optional<ModelVersion> ofRecipe(String model, Digest recipe) {
        return handle.select(
                        OF_WORKSPACE + " and model = ? and recipe_digest = ?",
                        workspace,
                        model,
                        recipe.hex())
                .map(VersionDao::version)
                .findOne();
    }

    Optional<ModelVersion> newest(String model) {
        return handle.select(
                        OF_WORKSPACE + " and model = ? order by version desc limit 1",
                        workspace,
                        model)
                .map(VersionDao::version)
                .findOne();
    }

    /** The last judgement of the newest version before this one that has one. */
    Optional<String> judgementBefore(ModelVersion version) {
        return handle.select(
                        """
                        select judgement_id from model_version
                        where workspace = ? and model = ? and version < ?
                            and judgement_id is not null
                        order by version desc limit 1\
                        """,
                        workspace,
                        version.model(),
                        version.version())
                .mapTo(String.class)
                .findOne();
    }

    List<ModelVersion> ofModel(String model) {
        return handle.select(
                        OF_WORKSPACE + " and model = ? order by version desc", workspace, model)
                .map(VersionDao::version)
                .list();
    }

    List<ModelVersion> ofRun(String runId) {
        return handle.select(
                        OF_WORKSPACE + " and run_id = ? order by model, version", workspace, runId)
                .map(VersionDao::version)
                .list();
    }

    /** Those of all workspaces. */
    List<ModelVersion> everywhere() {
        return handle.select(COLUMNS).map(VersionDao::version).list();
    }

    private static ModelVersion version(ResultSet row, StatementContext context)
            throws SQLException {
        return new ModelVersion(
                row.getString(1),
                row.getLong(2),
                Stage.of(row.getString(3)),
                digest(row.getString(4)),
                Recipe.of(JsonTree.read(row.getString(5))),
                digest(row.getString(6)),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                MetricsJson.read(JsonTree.read(row.getString(10))),
                (ObjectNode) JsonTree.read(row.getString(11)),
                row.getString(12),
                Times.instant(row.getLong(13)),
                Times.instant(row.getLong(14)));
    }

    private static @Nullable String hex(@Nullable Digest digest) {
        return digest == null ? null : digest.hex();
    }

    private static @Nullable Digest digest(@Nullable String hex) {
        return hex == null ? null : new Digest(hex);
    }
}

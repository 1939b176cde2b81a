package dev.weir.ml.registry;

import dev.weir.store.meta.Transaction;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rows of the tags of models and versions, and what clients told of a version besides. */
final class TagDao {
    /**
     * A link to the run in another place, and where the files are, where that is not the source.
     */
    record Elsewhere(String runLink, String location) {}

    private final Transaction tx;
    private final String workspace;

    TagDao(Transaction tx, String workspace) {
        this.tx = tx;
        this.workspace = workspace;
    }

    void put(String model, String key, String value) {
        tx.update(
                """
                insert into model_tag (workspace, model, key, value) values (?, ?, ?, ?)
                on conflict (workspace, model, key) do update set value = excluded.value\
                """,
                workspace,
                model,
                key,
                value);
    }

    boolean delete(String model, String key) {
        return tx.update(
                        "delete from model_tag where workspace = ? and model = ? and key = ?",
                        workspace,
                        model,
                        key)
                == 1;
    }

    void put(String model, long version, String key, String value) {
        tx.update(
                """
                insert into version_tag (workspace, model, version, key, value)
                values (?, ?, ?, ?, ?)
                on conflict (workspace, model, version, key) do update set value = excluded.value\
                """,
                workspace,
                model,
                version,
                key,
                value);
    }

    boolean delete(String model, long version, String key) {
        return tx.update(
                        """
                        delete from version_tag
                        where workspace = ? and model = ? and version = ? and key = ?\
                        """,
                        workspace,
                        model,
                        version,
                        key)
                == 1;
    }

    SortedMap<String, String> of(String model) {
        SortedMap<String, String> tags = new TreeMap<>();
        tx.each(
                "select key, value from model_tag where workspace = ? and model = ?",
                row -> tags.put(row.getString(1), row.getString(2)),
                workspace,
                model);
        return tags;
    }

    /** The tags of all versions of a model. */
    Map<Long, SortedMap<String, String>> ofVersions(String model) {
        Map<Long, SortedMap<String, String>> tags = new TreeMap<>();
        tx.each(
                "select version, key, value from version_tag where workspace = ? and model = ?",
                row ->
                        tags.computeIfAbsent(row.getLong(1), v -> new TreeMap<>())
                                .put(row.getString(2), row.getString(3)),
                workspace,
                model);
        return Collections.unmodifiableMap(tags);
    }

    /** What clients told of the versions of a model. */
    Map<Long, Elsewhere> elsewhere(String model) {
        Map<Long, Elsewhere> all = new TreeMap<>();
        tx.each(
                """
                select version, run_link, location from model_version
                where workspace = ? and model = ?\
                """,
                row -> all.put(row.getLong(1), new Elsewhere(row.getString(2), row.getString(3))),
                workspace,
                model);
        return Collections.unmodifiableMap(all);
    }
}

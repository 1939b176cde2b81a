/**
 * Tables that last: one database per home, SQLite where Weir is embedded, PostgreSQL where several
 * machines share it, one SQL text for both.
 *
 * <p>What comes in: work, as a function of a {@link dev.weir.store.meta.Transaction}. What goes
 * out: its result, after the commit. Start at {@link dev.weir.store.meta.Database}. SQL stands in
 * classes named {@code *Dao}, which take {@code tx.handle()}; services see transactions only.
 *
 * <pre>{@code
 * try (Database database = Database.open("jdbc:sqlite:" + home.resolve("weir.db"))) {
 *     database.write(tx -> {
 *         new RunDao(tx).insert(run);
 *         return ledger.append(tx, "default", actor, "run.started", run.id(), payload);
 *     });
 *     List<Run> runs = database.read(tx -> new RunDao(tx).newest(20));
 * }
 * }</pre>
 *
 * <p>Writers that wait at the same time share a commit ({@link dev.weir.store.meta.GroupCommit}).
 * What is small and written often is durable in the {@link dev.weir.store.meta.Intake} before it is
 * in the tables, where a database was opened with one; whoever reads or writes sees it there.
 *
 * <p>The rules of the SQL that both databases take: times are {@code bigint} microseconds since the
 * epoch in columns that end in {@code _us}; JSON and ids are {@code text}; every table of named
 * things has a {@code workspace} column. Upsert is {@code on conflict … do update}, rows are
 * claimed by {@code update … where id in (select … limit n) returning …}. No {@code ilike} (take
 * {@code lower()}), no {@code merge}, no {@code fetch first}, no JSON operator and no {@code alter
 * column type}. Where the two must differ, {@link dev.weir.store.meta.Dialect} has a hook.
 *
 * <p>A change of the schema is a file {@code db/migration/V<n>__<name>.sql} and a line in {@code
 * db/migration/index}; a test fails where the two disagree. In a migration {@code ${identity}} is
 * an ever growing primary key, and {@code ${xact}} the default that numbers a row's transaction.
 */
@NullMarked
package dev.weir.store.meta;

import org.jspecify.annotations.NullMarked;

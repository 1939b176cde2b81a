/**
 * The append-only record of every change of state: who did what to what, and when.
 *
 * <p>What comes in: an {@link dev.weir.store.ledger.Event}, appended in the transaction of the
 * change that it tells, so that both are kept or neither. What goes out: events, to people by
 * {@link dev.weir.store.ledger.Ledger#events}, and to programs by an {@link
 * dev.weir.store.ledger.EventReader}, which remembers how far it has read and misses no event, not
 * even one whose transaction began early and committed late. Start at {@link
 * dev.weir.store.ledger.Ledger}.
 *
 * <pre>{@code
 * database.writing(tx -> {
 *     aliases.move(tx, "income", "production", 3);
 *     ledger.append(tx, "default", Actor.person("anna"), "alias.moved", "model:income", payload);
 * });
 *
 * EventReader reader = new EventReader("triggers", clock);
 * EventReader.Batch batch = database.read(tx -> reader.read(tx, 100));
 * database.writing(tx -> {
 *     start(tx, batch.events());          // the effects and the cursor are kept together
 *     reader.advance(tx, batch);
 * });
 * }</pre>
 *
 * <p>Metrics, parameters, log lines and predictions are not events. Personal data never stands in a
 * payload; its digest does, so that the data can be erased and the record still holds.
 */
@NullMarked
package dev.weir.store.ledger;

import org.jspecify.annotations.NullMarked;

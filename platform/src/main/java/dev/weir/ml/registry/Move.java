package dev.weir.ml.registry;

import dev.weir.store.ledger.Actor;

import java.time.Instant;

/**
 * A change of a version's stage, as the ledger tells it.
 *
 * @param why what happened to it, and what its actor said
 */
public record Move(Instant at, Stage from, Stage to, Actor actor, String why) {}

package dev.weir.store.ledger;

import dev.weir.base.digest.Digest;

import tools.jackson.databind.JsonNode;

import java.time.Instant;

/**
 * One entry of the ledger.
 *
 * @param id unique
 * @param position where it stands in the ledger
 * @param workspace whose state has changed
 * @param actor who did it
 * @param kind what was done: {@code run.finished}, {@code alias.moved}
 * @param subject what it was done to: {@code model:income}
 * @param at when, to the microsecond
 * @param payload what is to be known about it; never personal data
 * @param payloadDigest of the payload's canonical JSON
 */
public record Event(
        String id,
        Position position,
        String workspace,
        Actor actor,
        String kind,
        String subject,
        Instant at,
        JsonNode payload,
        Digest payloadDigest) {}

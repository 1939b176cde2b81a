package dev.weir.ml.gate;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps every verdict of a workspace, and tells the ledger of each gate that stopped the work. */
public final class Verdicts {
    private final String workspace;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;

    public Verdicts(String workspace, Ledger ledger, Clock clock, Ids ids) {
        this.workspace = workspace;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Keeps a report. Each ruling that stops appends {@code gate.failed}; its payload holds the
     * figure and the ruling's digest, and no words from the data.
     *
     * @param actor for whom the gates were judged
     * @param runId the run that asked for it, if one did
     * @param subject what was judged: {@code version:income:3}
     * @param evidence the digest of what was judged on
     */
    public Judgement record(
            Transaction tx,
            Actor actor,
            @Nullable String runId,
            String subject,
            GateReport report,
            Digest evidence) {
        Judgement judgement =
                new Judgement(ids.next(), runId, subject, evidence, clock.instant(), report);
        new VerdictDao(tx, workspace).insert(judgement);
        for (Ruling ruling : report.stopping()) {
            ledger.append(tx, workspace, actor, "gate.failed", subject, payload(judgement, ruling));
        }
        return judgement;
    }

    private static ObjectNode payload(Judgement judgement, Ruling ruling) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("judgement", judgement.id());
        payload.put("run", judgement.runId());
        payload.put("gate", ruling.gate());
        payload.put("verdict", ruling.verdict().word());
        payload.put("expected", ruling.expected());
        ruling.value().figure().ifPresent(number -> payload.put("value", number));
        payload.put("ruling", CanonicalJson.digest(ruling.json()).hex());
        payload.put("evidence", judgement.evidence().hex());
        return payload;
    }

    /** The judgement of this id, if the workspace has it. */
    public Optional<Judgement> judgement(Transaction tx, String id) {
        return new VerdictDao(tx, workspace).ofId(id);
    }

    /** The judgements that a run asked for, in the order of time. */
    public List<Judgement> ofRun(Transaction tx, String runId) {
        return new VerdictDao(tx, workspace).ofRun(runId);
    }

    /**
     * One ruling of the past.
     *
     * @param subject what was judged: {@code version:income:3}
     */
    public record Past(String subject, Instant at, Ruling ruling) {}

    /**
     * Every ruling on all that begins alike, in the order of time.
     *
     * @param prefix of the subjects: {@code version:income:}
     */
    public List<Past> history(Transaction tx, String prefix) {
        return new VerdictDao(tx, workspace).history(prefix);
    }

    /** The first judgement of a subject, if it was ever judged. */
    public Optional<Judgement> first(Transaction tx, String subject) {
        return new VerdictDao(tx, workspace).first(subject);
    }

    /** The judgements of one subject, in the order of time. */
    public List<Judgement> about(Transaction tx, String subject) {
        return new VerdictDao(tx, workspace).about(subject);
    }
}

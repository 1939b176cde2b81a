package dev.weir.ml.data;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.ml.gate.GateReport;
import dev.weir.ml.gate.Judgement;
import dev.weir.ml.gate.Verdicts;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The datasets of one workspace, their versions, and which of them was accepted last. Cheap to
 * make; keeps no state of its own. Every method is part of the transaction that it is given.
 *
 * <pre>{@code
 * DatasetVersion adult = datasets.register(tx, actor, candidate).version();
 * datasets.judged(tx, actor, adult, runId, report, evidence);      // accepted, if it passed
 * Optional<DatasetVersion> last = datasets.accepted(tx, "adult");   // what drift compares with
 * }</pre>
 */
public final class Datasets {
    private static final Pattern NAME = Pattern.compile("[^/:@\\p{Cntrl}]{1,256}");

    private final String workspace;
    private final Ledger ledger;
    private final Verdicts verdicts;
    private final Clock clock;

    public Datasets(String workspace, Ledger ledger, Verdicts verdicts, Clock clock) {
        this.workspace = workspace;
        this.ledger = ledger;
        this.verdicts = verdicts;
        this.clock = clock;
    }

    /**
     * Registers content; where the dataset has a version of the same digest, that one is given back
     * and nothing is registered.
     *
     * @throws dev.weir.base.problem.ProblemException where the name is not possible
     */
    public DatasetRegistration register(Transaction tx, Actor actor, DatasetCandidate candidate) {
        if (!NAME.matcher(candidate.name()).matches() || candidate.name().isBlank()) {
            throw Problem.input(
                            "dataset.name",
                            "dataset: '"
                                    + candidate.name()
                                    + "' (expected: 1 to 256 characters, none of / : @)")
                    .exception();
        }
        DatasetDao datasets = new DatasetDao(tx, workspace);
        Optional<DatasetVersion> known = datasets.ofDigest(candidate.name(), candidate.digest());
        if (known.isPresent()) {
            return new DatasetRegistration(known.get(), false);
        }
        Instant now = clock.instant();
        long number = datasets.nextNumber(candidate.name(), now);
        datasets.insert(number, candidate, now);
        DatasetVersion version = version(tx, candidate.name(), number);
        ObjectNode payload = payload(version);
        payload.put("digest", version.digest().hex());
        payload.put("profile", version.profile().hex());
        payload.put("rows", version.rows());
        payload.put("run", version.runId());
        append(tx, actor, "dataset.registered", version, payload);
        return new DatasetRegistration(version, true);
    }

    /**
     * Keeps the verdicts of the ingest gates on a version, and accepts it where they passed.
     *
     * @param actor for whom the gates were judged
     * @param runId the run that asked for it, if one did
     * @param evidence the digest of what was judged on
     */
    public Judgement judged(
            Transaction tx,
            Actor actor,
            DatasetVersion version,
            @Nullable String runId,
            GateReport report,
            Digest evidence) {
        Judgement judgement = verdicts.record(tx, actor, runId, subject(version), report, evidence);
        boolean newly =
                report.passed()
                        && new DatasetDao(tx, workspace)
                                .accept(version.name(), version.number(), clock.instant());
        if (newly) {
            ObjectNode payload = payload(version);
            payload.put("judgement", judgement.id());
            append(tx, actor, "dataset.accepted", version, payload);
        }
        return judgement;
    }

    /** The last version whose ingest gates passed, if there is one. */
    public Optional<DatasetVersion> accepted(Transaction tx, String name) {
        return new DatasetDao(tx, workspace).accepted(name);
    }

    /** How the version that was accepted last was judged first, if there is one. */
    public Optional<Judgement> judgedBefore(Transaction tx, String name) {
        return accepted(tx, name).flatMap(version -> verdicts.first(tx, subject(version)));
    }

    /** All datasets, by name. */
    public List<Dataset> datasets(Transaction tx) {
        return new DatasetDao(tx, workspace).all();
    }

    /**
     * The versions of a dataset, the newest first.
     *
     * @throws dev.weir.base.problem.ProblemException where there is no such dataset; its hint names
     *     the nearest
     */
    public List<DatasetVersion> versions(Transaction tx, String name) {
        List<DatasetVersion> versions = new DatasetDao(tx, workspace).versions(name);
        if (versions.isEmpty()) {
            List<String> known = datasets(tx).stream().map(Dataset::name).toList();
            throw Problem.input(
                            "dataset.unknown", "dataset: " + name + " (expected: a known dataset)")
                    .hint(
                            known.isEmpty()
                                    ? "There is no dataset yet: weir run"
                                    : DidYouMean.hint(name, known))
                    .exception();
        }
        return versions;
    }

    /**
     * A version of a dataset.
     *
     * @throws dev.weir.base.problem.ProblemException where there is none
     */
    public DatasetVersion version(Transaction tx, String name, long number) {
        return new DatasetDao(tx, workspace)
                .ofNumber(name, number)
                .orElseThrow(
                        () ->
                                Problem.input(
                                                "dataset.version.unknown",
                                                "dataset version: %s:%d (expected: %d to %d)"
                                                        .formatted(
                                                                name,
                                                                number,
                                                                versions(tx, name)
                                                                        .getLast()
                                                                        .number(),
                                                                versions(tx, name)
                                                                        .getFirst()
                                                                        .number()))
                                        .exception());
    }

    /** The versions, of any dataset, that have this content. */
    public List<DatasetVersion> ofDigest(Transaction tx, Digest digest) {
        return new DatasetDao(tx, workspace).ofDigest(digest);
    }

    /** The versions of all workspaces of this home: what its one store must keep. */
    public List<DatasetVersion> versionsEverywhere(Transaction tx) {
        return new DatasetDao(tx, workspace).everywhere();
    }

    private static String subject(DatasetVersion version) {
        return "dataset:" + version.ref();
    }

    private static ObjectNode payload(DatasetVersion version) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("dataset", version.name());
        payload.put("version", version.number());
        return payload;
    }

    private void append(
            Transaction tx, Actor actor, String kind, DatasetVersion version, ObjectNode payload) {
        ledger.append(tx, workspace, actor, kind, subject(version), payload);
    }
}

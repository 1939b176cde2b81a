package dev.weir.ml.gate;

import dev.weir.base.digest.Digest;
import dev.weir.store.meta.Times;
import dev.weir.store.meta.Transaction;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Rows of judgements and their verdicts. */
final class VerdictDao {
    private static final String COLUMNS =
            """
            select id, run_id, subject, evidence_digest, judged_us
            from judgement where workspace = ?\
            """;

    private static final String RULING =
            """
            select gate, severity, verdict, value_number, value_unit, value_words, expected,
                reason, hint, limit_number, limit_better, relaxed\
            """;

    private final Handle handle;
    private final String workspace;

    VerdictDao(Transaction tx, String workspace) {
        this.handle = tx.handle();
        this.workspace = workspace;
    }

    void insert(Judgement judgement) {
        handle.execute(
                """
                insert into judgement
                    (id, workspace, run_id, subject, passed, evidence_digest, judged_us)
                values (?, ?, ?, ?, ?, ?, ?)\
                """,
                judgement.id(),
                workspace,
                judgement.runId(),
                judgement.subject(),
                judgement.report().passed() ? 1 : 0,
                judgement.evidence().hex(),
                Times.micros(judgement.at()));
        List<Ruling> rulings = judgement.report().rulings();
        if (rulings.isEmpty()) {
            return;
        }
        try (PreparedBatch batch =
                handle.prepareBatch(
                        """
                        insert into verdict
                            (judgement_id, position, gate, severity, verdict, value_number,
                             value_unit, value_words, expected, reason, hint, limit_number,
                             limit_better, relaxed)
                        values (:judgement, :position, :gate, :severity, :verdict, :number,
                            :unit, :words, :expected, :reason, :hint, :limit, :better, :relaxed)\
                        """)) {
            for (int i = 0; i < rulings.size(); i++) {
                Ruling ruling = rulings.get(i);
                Observed value = ruling.value();
                Limit limit = ruling.limit();
                batch.bind("judgement", judgement.id())
                        .bind("position", i)
                        .bind("gate", ruling.gate())
                        .bind("severity", ruling.severity().word())
                        .bind("verdict", ruling.verdict().word())
                        .bind("number", value instanceof Observed.Figure f ? f.number() : null)
                        .bind("unit", value instanceof Observed.Figure f ? f.unit() : null)
                        .bind("words", value instanceof Observed.Words w ? w.words() : null)
                        .bind("expected", ruling.expected())
                        .bind("reason", ruling.reason())
                        .bind("hint", ruling.hint())
                        .bind("limit", limit == null ? null : limit.number())
                        .bind("better", limit == null ? null : word(limit.better()))
                        .bind("relaxed", ruling.relaxed())
                        .add();
            }
            batch.execute();
        }
    }

    Optional<Judgement> ofId(String id) {
        return select(" and id = ?", id).stream().findFirst();
    }

    List<Judgement> ofRun(String runId) {
        return select(" and run_id = ? order by judged_us, id", runId);
    }

    Optional<Judgement> first(String subject) {
        return select(" and subject = ? order by judged_us, id limit 1", subject).stream()
                .findFirst();
    }

    List<Judgement> about(String subject) {
        return select(" and subject = ? order by judged_us, id", subject);
    }

    private List<Judgement> select(String where, String value) {
        return handle.select(COLUMNS + where, workspace, value).map(this::judgement).list();
    }

    private Judgement judgement(ResultSet row, StatementContext context) throws SQLException {
        String id = row.getString(1);
        return new Judgement(
                id,
                row.getString(2),
                row.getString(3),
                new Digest(row.getString(4)),
                Times.instant(row.getLong(5)),
                new GateReport(rulings(id)));
    }

    List<Verdicts.Past> history(String prefix) {
        return handle.select(
                        RULING
                                + """
                                , subject, judged_us
                                from verdict join judgement on judgement_id = id
                                where workspace = ? and substr(subject, 1, ?) = ?
                                order by judged_us, id, position\
                                """,
                        workspace,
                        prefix.length(),
                        prefix)
                .map(
                        (row, context) ->
                                new Verdicts.Past(
                                        row.getString(13),
                                        Times.instant(row.getLong(14)),
                                        ruling(row)))
                .list();
    }

    private List<Ruling> rulings(String judgementId) {
        return handle.select(
                        RULING + " from verdict where judgement_id = ? order by position",
                        judgementId)
                .map((row, context) -> ruling(row))
                .list();
    }

    private static Ruling ruling(ResultSet row) throws SQLException {
        return new Ruling(
                row.getString(1),
                Severity.of(row.getString(2)),
                Verdict.of(row.getString(3)),
                observed(row),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                limit(row),
                row.getString(12));
    }

    private static String word(Rule.Better better) {
        return better.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Limit limit(ResultSet row) throws SQLException {
        double number = row.getDouble("limit_number");
        return row.wasNull()
                ? null
                : new Limit(
                        number,
                        Rule.Better.valueOf(
                                row.getString("limit_better").toUpperCase(Locale.ROOT)));
    }

    private static Observed observed(ResultSet row) throws SQLException {
        double number = row.getDouble("value_number");
        if (!row.wasNull()) {
            return new Observed.Figure(number, row.getString("value_unit"));
        }
        String words = row.getString("value_words");
        return words == null ? new Observed.Nothing() : new Observed.Words(words);
    }
}

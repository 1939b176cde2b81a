package dev.weir.ml.traffic;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.log.LateFacts;
import dev.weir.ml.data.log.LateFacts.Joined;
import dev.weir.ml.data.log.LateFacts.Renamed;
import dev.weir.ml.data.log.LateFacts.Span;
import dev.weir.ml.data.log.Layout;
import dev.weir.ml.data.log.LogColumn;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.Task;
import dev.weir.store.meta.Times;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the traffic of an endpoint. What is read is never older than a tenth of a second: rows that
 * a process holds in memory are not seen, rows in its file are, also where it has died.
 */
public final class Windows {
    private static final Duration DAY = Duration.ofDays(1);

    private final String endpoint;
    private final LateFacts facts;
    private final EndpointFile endpointFile;

    Windows(String endpoint, LateFacts facts, EndpointFile endpointFile) {
        this.endpoint = endpoint;
        this.facts = facts;
        this.endpointFile = endpointFile;
    }

    /**
     * What the endpoint answers.
     *
     * @throws dev.weir.base.problem.ProblemException where it has never been served with a log
     */
    public Signature signature() {
        return endpointFile
                .signature()
                .orElseThrow(
                        () ->
                                Problem.input(
                                                "traffic.endpoint",
                                                endpoint
                                                        + ": no predictions are logged (expected:"
                                                        + " an endpoint that has been served)")
                                        .hint("weir traffic show lists those that there are.")
                                        .exception());
    }

    /**
     * Writes a window as one table: all columns of the log, then {@code _outcome} (a number of a
     * regression, else a label), {@code _outcome_at} (when it arrived), {@code _outcomes} (how many
     * came) and {@code _contradicted}.
     *
     * @param out a Parquet file; of a window without rows too
     */
    public WindowTable write(Window window, Selection selection, Path out) {
        Signature signature = signature();
        Joined joined = facts.write(span(window, selection, signature), numeric(signature), out);
        return table(out, joined);
    }

    /**
     * Writes the rows of a window whose outcome is known, for training: the inputs by their names,
     * in the order of the signature, and the outcome in the target's column. Each prediction once,
     * whatever variants heard it; no shadows, no failures.
     *
     * @throws dev.weir.base.problem.ProblemException where an input was never logged as it came
     */
    public WindowTable training(Window window, Path out) {
        Signature signature = signature();
        List<Renamed> columns = new ArrayList<>();
        List<String> kept = LaneColumns.inputNames(signature);
        for (int i = 0; i < kept.size(); i++) {
            columns.add(new Renamed(kept.get(i), signature.inputs().get(i).name()));
        }
        Span span = span(window, Selection.answered(), signature);
        refuseHidden(span, signature, kept);
        return table(
                out, facts.writeKnown(span, numeric(signature), columns, signature.target(), out));
    }

    private void refuseHidden(Span span, Signature signature, List<String> kept) {
        List<LogColumn> there = facts.columns(span);
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            Input input = signature.inputs().get(i);
            LogColumn wanted = new LogColumn(kept.get(i), LaneColumns.kind(input));
            if (!there.contains(wanted)) {
                problems.add(
                        Problem.input(
                                        "traffic.hidden",
                                        input.name()
                                                + ": left out of the log, or masked in it"
                                                + " (expected: every input as it came)")
                                .hint(
                                        "Take it out of deploy.log, or train from the source"
                                                + " again."));
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }

    /**
     * Windows of a number of rows, one behind the other. Rows of one microsecond are never parted,
     * so a window may have some more.
     *
     * @param rows at least 1
     * @param since where the first begins
     * @return those that are full
     */
    public List<Window> byCount(long rows, Selection selection, Instant since) {
        if (rows < 1) {
            throw new IllegalArgumentException("rows: " + rows + " (expected: at least 1)");
        }
        Span span =
                new Span(
                        Times.micros(since),
                        Long.MAX_VALUE,
                        selection.conditions(),
                        columns(signature()));
        List<Window> windows = new ArrayList<>();
        Instant from = since;
        for (long end : facts.ends(span, rows)) {
            Instant to = Times.instant(end);
            windows.add(new Window(from, to));
            from = to;
        }
        return windows;
    }

    /**
     * The aligned windows in which a prediction has heard an outcome since a moment: what was
     * measured on them before is no longer so.
     *
     * @param after outcomes that arrived later than this
     */
    public List<Window> touched(Duration length, Instant after) {
        return facts
                .touched(Times.micros(after), Window.micros(length), columns(signature()))
                .stream()
                .map(number -> Window.numbered(number, length))
                .toList();
    }

    /**
     * One variant's rows of one day.
     *
     * @param day in UTC
     * @param failed of these how many predictions that failed
     * @param known of these how many whose outcome is known
     */
    public record Day(LocalDate day, String role, long rows, long failed, long known) {}

    /** Rows by day and variant, the oldest day first. */
    public List<Day> days() {
        Span span = new Span(Long.MIN_VALUE, Long.MAX_VALUE, List.of(), columns(signature()));
        return facts
                .parts(span, Window.micros(DAY), LaneColumns.VARIANT, LaneColumns.ERROR)
                .stream()
                .map(
                        part ->
                                new Day(
                                        LocalDate.EPOCH.plusDays(part.part()),
                                        String.valueOf(part.group()),
                                        part.rows(),
                                        part.failed(),
                                        part.known()))
                .toList();
    }

    private static WindowTable table(Path out, Joined joined) {
        return new WindowTable(
                out,
                joined.rows(),
                joined.known(),
                joined.contradicted(),
                Duration.of(joined.medianDelay(), ChronoUnit.MICROS),
                Duration.of(joined.p95Delay(), ChronoUnit.MICROS));
    }

    private static Span span(Window window, Selection selection, Signature signature) {
        return new Span(
                Times.micros(window.from()),
                Times.micros(window.to()),
                selection.conditions(),
                columns(signature));
    }

    static boolean numeric(Signature signature) {
        return signature.task() == Task.REGRESSION;
    }

    /** The columns of rows of this signature, where nothing is left out or masked. */
    static List<LogColumn> columns(Signature signature) {
        Layout layout = LaneColumns.plain(signature).layout();
        List<LogColumn> columns = new ArrayList<>(layout.columns());
        layout.constants().forEach(constant -> columns.add(constant.column()));
        return columns;
    }
}

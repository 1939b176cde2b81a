package dev.weir.ml.data.drift;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.drift.PartsReport.Change;
import dev.weir.ml.data.drift.PartsReport.Line;
import dev.weir.ml.data.drift.PartsReport.Part;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.data.source.TableFile;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.stats.drift.Binning;
import dev.weir.ml.stats.drift.ChangePoint;
import dev.weir.ml.stats.drift.ColumnDrift;
import dev.weir.ml.stats.drift.DistanceScale;
import dev.weir.ml.stats.drift.Drift;
import dev.weir.ml.stats.drift.DriftRule;
import dev.weir.ml.stats.drift.DriftRule.Judged;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks for drift within one table whose rows are in the order of time: each part is compared with
 * the first, and where a column has moved, it is said from which row on.
 */
public final class PartsDrift {
    private final DuckDb duckDb;
    private final DriftRule rule;
    private final DistanceScale scale;

    public PartsDrift(DuckDb duckDb, DriftRule rule, DistanceScale scale) {
        this.duckDb = duckDb;
        this.rule = rule;
        this.scale = scale;
    }

    /** A column's rows, in order. */
    private interface Series {
        /** The drift of rows from those of the first part. */
        ColumnDrift drift(Part first, Part part);

        /** The bin of each row, by the first part; a missing value has the last. */
        int[] bins(Part first, int rows);

        /** How many bins those are. */
        int size(Part first);
    }

    /**
     * Compares the parts of a table with its first.
     *
     * @param parts how many, of equal size, at least 2
     * @param wanted which columns; empty: all
     * @throws dev.weir.base.problem.ProblemException (INPUT) where a part would have no row
     */
    public PartsReport compare(TableFile table, int parts, List<String> wanted) {
        if (parts < 2 || table.rows() < parts || table.rows() > Integer.MAX_VALUE - 8) {
            throw Problem.input(
                            "drift.parts",
                            "--parts %,d of %,d rows (expected: at least 2, each with a row, of up to 2^31)"
                                    .formatted(parts, table.rows()))
                    .exception();
        }
        List<Part> all = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            all.add(
                    new Part(
                            (int) (table.rows() * i / parts),
                            (int) (table.rows() * (i + 1) / parts)));
        }
        List<String> names = wanted.isEmpty() ? table.schema().names() : wanted;
        List<ColumnDrift> measured = new ArrayList<>();
        for (String name : names) {
            Series series = series(table, name);
            all.subList(1, parts).forEach(p -> measured.add(series.drift(all.getFirst(), p)));
        }
        List<Judged> judged = rule.judge(measured);
        List<Line> lines = new ArrayList<>();
        for (int c = 0; c < names.size(); c++) {
            List<Judged> of = judged.subList(c * (parts - 1), (c + 1) * (parts - 1));
            lines.add(line(table, names.get(c), of, all));
        }
        return new PartsReport(table.name(), table.rows(), all, lines);
    }

    private Line line(TableFile table, String name, List<Judged> judged, List<Part> parts) {
        Verdict worst =
                judged.stream()
                        .map(Judged::verdict)
                        .min((a, b) -> order(a) - order(b))
                        .orElse(Verdict.SKIPPED);
        Change change = null;
        String reason =
                judged.stream()
                        .filter(j -> j.verdict() == worst)
                        .map(Judged::reason)
                        .findFirst()
                        .orElse("");
        for (int i = 0; i < judged.size() && change == null; i++) {
            if (moved(judged.get(i))) {
                int rows = parts.get(i + 1).to();
                Part first = parts.getFirst();
                Series series = series(table, name);
                int at = ChangePoint.of(series.bins(first, rows), series.size(first), rows);
                change = new Change(at, i + 1);
                reason = judged.get(i).reason();
            }
        }
        return new Line(
                name,
                worst,
                reason,
                change,
                judged.stream().map(Judged::verdict).toList(),
                judged.stream().map(j -> j.drift().scores().bins().psi()).toList());
    }

    private static boolean moved(Judged judged) {
        return judged.verdict() == Verdict.FAIL || judged.verdict() == Verdict.WARN;
    }

    private static int order(Verdict verdict) {
        return List.of(Verdict.ERROR, Verdict.FAIL, Verdict.WARN, Verdict.PASS, Verdict.SKIPPED)
                .indexOf(verdict);
    }

    private Series series(TableFile table, String name) {
        Column column = table.schema().required(name);
        ColumnFiles files = new ColumnFiles(duckDb);
        return Baselines.numeric(column)
                ? numbers(name, files.doubles(table.parquet(), List.of(name)).getFirst().values())
                : texts(name, files.texts(table.parquet(), List.of(name)).getFirst().values());
    }

    private Series numbers(String name, double[] values) {
        return new Series() {
            @Override
            public ColumnDrift drift(Part first, Part part) {
                return Drift.numbers(
                        name,
                        Arrays.copyOfRange(values, first.from(), first.to()),
                        Arrays.copyOfRange(values, part.from(), part.to()),
                        scale);
            }

            private Binning binning(Part first) {
                return Binning.ofNumbers(
                        Binning.sortedFinite(Arrays.copyOfRange(values, first.from(), first.to())));
            }

            @Override
            public int[] bins(Part first, int rows) {
                Binning bins = binning(first);
                int[] places = new int[rows];
                Arrays.setAll(
                        places,
                        i ->
                                Double.isFinite(values[i])
                                        ? bins.place(values[i] + 0.0)
                                        : bins.size());
                return places;
            }

            @Override
            public int size(Part first) {
                return binning(first).size() + 1;
            }
        };
    }

    private static Series texts(String name, @Nullable String[] values) {
        return new Series() {
            @Override
            public ColumnDrift drift(Part first, Part part) {
                Map<String, Long> then = counts(first);
                Map<String, Long> now = counts(part);
                return Drift.categories(name, then, missing(first, then), now, missing(part, now));
            }

            private Map<String, Long> counts(Part part) {
                Map<String, Long> counts = new HashMap<>();
                for (int i = part.from(); i < part.to(); i++) {
                    String value = values[i];
                    if (value != null) {
                        counts.merge(value, 1L, Long::sum);
                    }
                }
                return counts;
            }

            private long missing(Part part, Map<String, Long> counts) {
                long there = counts.values().stream().mapToLong(Long::longValue).sum();
                return part.to() - part.from() - there;
            }

            @Override
            public int[] bins(Part first, int rows) {
                List<String> names = Binning.ofCategories(counts(first)).names();
                Map<String, Integer> places = new HashMap<>();
                names.forEach(each -> places.put(each, places.size()));
                int[] bins = new int[rows];
                for (int i = 0; i < rows; i++) {
                    String value = values[i];
                    bins[i] =
                            value == null
                                    ? names.size() + 1
                                    : places.getOrDefault(value, names.size());
                }
                return bins;
            }

            @Override
            public int size(Part first) {
                return Binning.ofCategories(counts(first)).size() + 1;
            }
        };
    }
}

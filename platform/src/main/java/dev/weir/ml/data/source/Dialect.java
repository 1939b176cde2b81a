package dev.weir.ml.data.source;

import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.Findings;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the first rows of a file look when they are split in one way.
 *
 * @param width the most frequent number of values in a row
 * @param share the share of rows that have it
 * @param faults quoting mistakes
 * @param padded whether most values after the first begin with a blank
 */
record Dialect(TableFormat.Csv format, int width, double share, int faults, boolean padded) {
    private static final int SAMPLE_ROWS = 2000;
    private static final char[] DELIMITERS = {'\t', ';', '|', ','};

    /** The way that splits the first rows most evenly; what is given is left as it is. */
    static Dialect of(Path file, TableFormat.Csv given, boolean anyDelimiter, boolean anyQuote)
            throws IOException {
        List<Dialect> candidates = new ArrayList<>();
        for (char delimiter : anyDelimiter ? DELIMITERS : new char[] {given.delimiter()}) {
            candidates.add(look(file, with(given, delimiter, given.quote())));
            if (anyQuote) {
                candidates.add(look(file, with(given, delimiter, null)));
            }
        }
        Dialect best = null;
        for (Dialect candidate : candidates) {
            if (best == null || candidate.score() > best.score()) {
                best = candidate;
            }
        }
        if (best == null || (anyDelimiter && best.width == 1)) {
            return look(file, given);
        }
        return best;
    }

    /** The same without quoting. */
    Dialect withoutQuote() {
        return new Dialect(with(format, format.delimiter(), null), width, share, faults, padded);
    }

    /** The same with blanks around values dropped. */
    Dialect trimmed() {
        return new Dialect(
                new TableFormat.Csv(
                        format.delimiter(),
                        format.quote(),
                        format.escape(),
                        format.header(),
                        format.names(),
                        format.nulls(),
                        true,
                        format.dates()),
                width,
                share,
                faults,
                padded);
    }

    private double score() {
        return width == 1 ? 0 : share - (faults > 0 ? 0.5 : 0);
    }

    private static TableFormat.Csv with(
            TableFormat.Csv given, char delimiter, @Nullable Character quote) {
        return new TableFormat.Csv(
                delimiter,
                quote,
                given.escape(),
                given.header(),
                given.names(),
                given.nulls(),
                given.trim(),
                given.dates());
    }

    private static Dialect look(Path file, TableFormat.Csv format) throws IOException {
        Findings findings = new Findings();
        Map<Integer, Integer> widths = new HashMap<>();
        long after = 0;
        long padded = 0;
        int rows = 0;
        try (CsvRows csv = new CsvRows(file, format, findings)) {
            while (rows < SAMPLE_ROWS && csv.next()) {
                rows++;
                widths.merge(csv.cells(), 1, Integer::sum);
                for (int c = 1; c < csv.cells(); c++, after++) {
                    if (csv.start(c) < csv.end(c) && csv.bytes()[csv.start(c)] == ' ') {
                        padded++;
                    }
                }
            }
        } catch (ProblemException e) {
            if (findings.none()) {
                throw e;
            }
        }
        int width = 1;
        int most = 0;
        for (Map.Entry<Integer, Integer> entry : widths.entrySet()) {
            int count = entry.getValue();
            if (count > most || (count == most && entry.getKey() > width)) {
                width = entry.getKey();
                most = count;
            }
        }
        int faults =
                (int) findings.all().stream().filter(p -> p.code().equals("table.quote")).count();
        return new Dialect(
                format,
                width,
                rows == 0 ? 0 : (double) most / rows,
                faults,
                after > 0 && padded > after / 2);
    }
}

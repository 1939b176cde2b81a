package dev.weir.ml.data.source;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Findings;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.source.Sniffer.Sniffed;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads delimited files, wholly or their first rows, and settles what their dialect left open. */
final class CsvGuess {
    private static final Pattern NAME_LIKE =
            Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_ .()%/#-]{0,60}");

    private final List<Path> files;
    private final JsonNode source;
    private final Dialect dialect;
    private final TableFormat.Csv format;
    private final long most;
    private final List<String> said = new ArrayList<>();
    private final Findings findings = new Findings();
    private final List<ColumnGuess> guesses = new ArrayList<>();
    private final List<List<String>> firstRows = new ArrayList<>();
    private long rows;
    private boolean headerByTitles;

    CsvGuess(List<Path> files, JsonNode source, Dialect dialect) {
        this(files, source, dialect, Long.MAX_VALUE);
    }

    /**
     * @param most rows of each file to look at
     */
    CsvGuess(List<Path> files, JsonNode source, Dialect dialect, long most) {
        this.files = files;
        this.most = most;
        this.source = source;
        this.dialect = dialect;
        this.format =
                dialect.padded() && !source.has("trim")
                        ? dialect.trimmed().format()
                        : dialect.format();
    }

    Sniffed sniffed() throws IOException {
        boolean anyMissing = !source.has("null");
        Missing missing = new Missing(format.nulls());
        for (Path file : files) {
            read(file, missing, anyMissing);
        }
        findings.refuse();
        if (firstRows.isEmpty()) {
            Sniffer.refuseNoRows(files, 0);
        }
        List<String> nulls = anyMissing ? nulls() : format.nulls();
        boolean header = header();
        if (header) {
            rows -= firstRows.size();
            refuseOtherHeadings();
        } else {
            takeFirstRows(new Missing(nulls), anyMissing);
        }
        List<String> names = names(header);
        sayDialect(header, names);
        if (anyMissing) {
            sayNulls(nulls, names);
        }
        DateOrder order = Sniffer.order(!source.has("dates"), format.dates(), guesses, names, said);
        Schema schema = Sniffer.schema(names, files.getFirst(), guesses, order, said);
        TableFormat.Csv settled =
                new TableFormat.Csv(
                        format.delimiter(),
                        format.quote(),
                        format.escape(),
                        header,
                        header && format.names().isEmpty() ? List.of() : names,
                        nulls,
                        format.trim(),
                        order);
        return new Sniffed(settled, schema, rows, said);
    }

    /** What each column's values leave possible; after {@link #sniffed}. */
    List<ColumnGuess> guesses() {
        return guesses;
    }

    /** Whether the first row was taken for names only because no other row has one of them. */
    boolean headerByTitles() {
        return headerByTitles;
    }

    private void read(Path file, Missing missing, boolean anyMissing) throws IOException {
        try (CsvRows csv = new CsvRows(file, format, findings)) {
            csv.width(dialect.width());
            boolean first = true;
            for (long row = 0; row < most && csv.next(); row++) {
                rows++;
                if (csv.cells() != dialect.width()) {
                    findings.add(ragged(csv, dialect.width()));
                } else if (first) {
                    begin(csv);
                } else {
                    missing.take(csv, guesses, anyMissing);
                }
                first = false;
            }
        }
    }

    static Problem ragged(CsvRows csv, int width) {
        return Problem.input(
                        "table.ragged",
                        csv.cells()
                                + (csv.cells() == 1 ? " value" : " values")
                                + " (expected: "
                                + width
                                + ", as in the other rows)")
                .at(csv.place(csv.cells()))
                .hint(
                        csv.cells() > width
                                ? "Is a delimiter in a value that is not quoted?"
                                : "Is a value missing, or is this line no part of the table?");
    }

    private void begin(CsvRows csv) {
        List<String> cells = new ArrayList<>();
        for (int c = 0; c < csv.cells(); c++) {
            byte[] text = new byte[csv.end(c) - csv.start(c)];
            System.arraycopy(csv.bytes(), csv.start(c), text, 0, text.length);
            cells.add(new String(text, StandardCharsets.UTF_8));
            if (firstRows.isEmpty()) {
                guesses.add(new ColumnGuess(text));
            }
        }
        firstRows.add(cells);
    }

    private void takeFirstRows(Missing missing, boolean anyMissing) {
        for (List<String> row : firstRows) {
            for (int c = 0; c < row.size(); c++) {
                byte[] text = row.get(c).getBytes(StandardCharsets.UTF_8);
                if (!missing.isText(text)) {
                    guesses.get(c).take(text, 0, text.length, false, anyMissing);
                }
            }
        }
    }

    /** Whether the first line has names, by the user's word or by how it differs from the rest. */
    private boolean header() {
        if (source.has("header")) {
            return format.header();
        }
        List<String> first = firstRows.getFirst();
        if (!format.names().isEmpty()) {
            return lower(format.names()).equals(lower(first));
        }
        int like = 0;
        int unlike = 0;
        for (int c = 0; c < first.size(); c++) {
            if (guesses.get(c).typed() && !first.get(c).isBlank()) {
                if (guesses.get(c).suits(first.get(c).getBytes(StandardCharsets.UTF_8))) {
                    unlike++;
                } else if (!ColumnGuess.MISSING.contains(first.get(c))) {
                    like++;
                }
            }
        }
        if (like + unlike > 0) {
            return like > 0 && like >= unlike;
        }
        headerByTitles = true;
        Set<String> distinct = new HashSet<>(first);
        boolean names =
                distinct.size() == first.size()
                        && first.stream().allMatch(t -> NAME_LIKE.matcher(t.strip()).matches())
                        && guesses.stream().noneMatch(ColumnGuess::titleRecurs);
        if (names) {
            said.add("the first line read as names: " + String.join(", ", first));
        }
        return names;
    }

    private static List<String> lower(List<String> texts) {
        return texts.stream().map(t -> t.strip().toLowerCase(Locale.ROOT)).toList();
    }

    private void refuseOtherHeadings() {
        List<String> expected = lower(firstRows.getFirst()).stream().sorted().toList();
        for (int f = 1; f < firstRows.size(); f++) {
            if (!lower(firstRows.get(f)).stream().sorted().toList().equals(expected)) {
                findings.add(
                        Problem.input(
                                        "table.columns",
                                        "columns "
                                                + firstRows.get(f)
                                                + " (expected: those of "
                                                + files.getFirst()
                                                + ", "
                                                + firstRows.getFirst()
                                                + ")")
                                .at(Place.of(files.get(f), 1)));
            }
        }
        findings.refuse();
    }

    private List<String> names(boolean header) {
        List<String> names = new ArrayList<>();
        List<String> given =
                header && format.names().isEmpty() ? firstRows.getFirst() : format.names();
        if (!given.isEmpty() && given.size() != dialect.width()) {
            throw Problem.input(
                            "source.names",
                            "source.names: "
                                    + given.size()
                                    + " names (expected: "
                                    + dialect.width()
                                    + ", the number of columns)")
                    .at(Place.of(files.getFirst()))
                    .exception();
        }
        for (int c = 0; c < dialect.width(); c++) {
            String name = given.isEmpty() ? "" : given.get(c).strip();
            names.add(name.isEmpty() ? Headings.numbered(c) : name);
        }
        return names;
    }

    /**
     * Texts that mean a missing value: sure ones, and those that alone keep a column from numbers.
     */
    private List<String> nulls() {
        List<String> nulls = new ArrayList<>(format.nulls());
        for (int t = 0; t < ColumnGuess.MISSING.size(); t++) {
            int token = t;
            boolean seen = guesses.stream().anyMatch(g -> g.missing(token) > 0);
            boolean proven = guesses.stream().anyMatch(g -> g.missing(token) > 0 && g.typed());
            if (seen && (token < ColumnGuess.SURE || proven)) {
                nulls.add(ColumnGuess.MISSING.get(token));
            }
        }
        return nulls;
    }

    private void sayNulls(List<String> nulls, List<String> names) {
        for (String text : nulls) {
            int token = ColumnGuess.MISSING.indexOf(text);
            List<String> where = new ArrayList<>();
            for (int c = 0; c < names.size(); c++) {
                if (token >= 0 && guesses.get(c).missing(token) > 0) {
                    where.add(names.get(c));
                }
            }
            if (!where.isEmpty()) {
                said.add('"' + text + "\" read as missing in " + String.join(", ", where));
            }
        }
    }

    private void sayDialect(boolean header, List<String> names) {
        if (!source.has("delimiter") && format.delimiter() != ',') {
            said.add(
                    "values separated by "
                            + (format.delimiter() == '\t'
                                    ? "tabs"
                                    : "\"" + format.delimiter() + '"'));
        }
        if (!source.has("quote") && format.quote() == null) {
            said.add("quotes read as characters like any other");
        }
        if (format.trim() && !source.has("trim")) {
            said.add("blanks around values dropped");
        }
        if (!header && format.names().isEmpty()) {
            said.add("no heading: columns named " + names.getFirst() + " to " + names.getLast());
        }
    }
}

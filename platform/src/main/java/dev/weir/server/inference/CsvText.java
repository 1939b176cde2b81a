package dev.weir.server.inference;

import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** CSV in a request's body (RFC 4180): comma, double quotes, LF or CRLF. */
final class CsvText {
    private CsvText() {}

    /**
     * The rows, of names too; a value without quotes and without text is null.
     *
     * @throws dev.weir.base.problem.ProblemException where a quote is not closed, or something
     *     follows one; where there are more rows than {@code most}
     */
    static List<List<@Nullable String>> rows(String text, int most) {
        List<List<@Nullable String>> rows = new ArrayList<>();
        List<@Nullable String> row = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            StringBuilder cell = new StringBuilder();
            boolean quoted = text.charAt(at) == '"';
            if (quoted) {
                at = quoted(text, at + 1, cell, rows.size() + 1);
            } else {
                while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
                    cell.append(text.charAt(at++));
                }
            }
            row.add(quoted || !cell.isEmpty() ? cell.toString() : null);
            if (at < text.length() && text.charAt(at) == ',') {
                at++;
                if (at == text.length()) {
                    row.add(null);
                }
                continue;
            }
            at += text.startsWith("\r\n", at) ? 2 : 1;
            rows.add(row);
            if (rows.size() > most) {
                throw Problem.input(
                                "request.rows",
                                "CSV: more rows than %d (expected: at most so many)"
                                        .formatted(most - 1))
                        .exception();
            }
            row = new ArrayList<>();
        }
        if (!row.isEmpty()) {
            rows.add(row);
        }
        return rows;
    }

    /** Reads to the closing quote. */
    private static int quoted(String text, int from, StringBuilder cell, int row) {
        int at = from;
        while (true) {
            int quote = text.indexOf('"', at);
            if (quote < 0) {
                throw wrong(row, "a quote that is not closed");
            }
            cell.append(text, at, quote);
            at = quote + 1;
            if (at < text.length() && text.charAt(at) == '"') {
                cell.append('"');
                at++;
                continue;
            }
            if (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
                throw wrong(row, "something behind a closing quote");
            }
            return at;
        }
    }

    private static RuntimeException wrong(int row, String what) {
        return Problem.input("body.csv", "CSV: line %d: %s".formatted(row, what)).exception();
    }
}

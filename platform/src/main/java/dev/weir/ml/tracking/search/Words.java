package dev.weir.ml.tracking.search;

import dev.weir.base.problem.Problem;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a filter into its words. */
final class Words {
    static final int LONGEST = 100_000;

    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(\\d++(\\.\\d*+)?|\\.\\d++)([eE][-+]?\\d++)?(?![\\p{L}\\p{N}_])");

    private final String what;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Words(String what, String text) {
        this.what = what;
        this.text = text;
    }

    /**
     * The words of a text, and its end.
     *
     * @param what the text is, for messages: {@code filter}
     */
    static List<Token> of(String what, String text) {
        if (text.length() > LONGEST) {
            throw Problem.input(
                            "search.length",
                            "Invalid %s: %d characters (expected: at most %d)"
                                    .formatted(what, text.length(), LONGEST))
                    .exception();
        }
        return new Words(what, text).cut();
    }

    static RuntimeException wrong(String what, int at, String message) {
        return Problem.input(
                        "search." + what.replace(' ', '.'),
                        "Invalid %s at character %d: %s".formatted(what, at + 1, message))
                .exception();
    }

    private List<Token> cut() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else {
                next(c);
            }
        }
        tokens.add(new Token(Token.Kind.END, "", at));
        return tokens;
    }

    private void next(char c) {
        int start = at;
        switch (c) {
            case '(' -> single(Token.Kind.OPEN);
            case ')' -> single(Token.Kind.CLOSE);
            case ',' -> single(Token.Kind.COMMA);
            case '\'' -> tokens.add(new Token(Token.Kind.TEXT, quoted('\''), start));
            case '"' -> tokens.add(new Token(Token.Kind.QUOTED, quoted('"'), start));
            case '=', '!', '<', '>' -> comparator();
            default -> {
                Matcher number = NUMBER.matcher(text).region(at, text.length());
                if (number.lookingAt()) {
                    at = number.end();
                    tokens.add(new Token(Token.Kind.NUMBER, number.group(), start));
                } else {
                    word();
                }
            }
        }
    }

    private void single(Token.Kind kind) {
        tokens.add(new Token(kind, text.substring(at, at + 1), at));
        at++;
    }

    private void comparator() {
        int start = at;
        boolean two = at + 1 < text.length() && text.charAt(at + 1) == '=';
        boolean unequal = text.startsWith("<>", at);
        at += two || unequal ? 2 : 1;
        String written = text.substring(start, at);
        if (written.equals("!")) {
            throw wrong(what, start, "'!' (expected: !=)");
        }
        tokens.add(
                new Token(
                        Token.Kind.COMPARATOR,
                        switch (written) {
                            case "<>" -> "!=";
                            case "==" -> "=";
                            default -> written;
                        },
                        start));
    }

    /** What is between quotes; the quote twice stands for itself. */
    private String quoted(char quote) {
        int start = at;
        StringBuilder inside = new StringBuilder();
        for (at++; at < text.length(); at++) {
            if (text.charAt(at) != quote) {
                inside.append(text.charAt(at));
            } else if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
                inside.append(quote);
                at++;
            } else {
                at++;
                return inside.toString();
            }
        }
        throw wrong(what, start, quote + " is not closed");
    }

    /** Letters, with parts in backticks or double quotes after a dot: {@code tags.`a b`}. */
    private void word() {
        int start = at;
        StringBuilder word = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '`'
                    || c == '"' && word.length() > 0 && word.charAt(word.length() - 1) == '.') {
                word.append(quoted(c));
            } else if (Character.isLetterOrDigit(c) || "_.-/:$@".indexOf(c) >= 0) {
                word.append(c);
                at++;
            } else if (Character.isSurrogate(c)) {
                word.append(c);
                at++;
            } else {
                break;
            }
        }
        if (at == start) {
            throw wrong(
                    what,
                    start,
                    "'"
                            + text.substring(start, text.offsetByCodePoints(start, 1))
                            + "' (expected: a name, a quoted text or a comparator)");
        }
        tokens.add(new Token(Token.Kind.WORD, word.toString(), start));
    }
}

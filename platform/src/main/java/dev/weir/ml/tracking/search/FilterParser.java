package dev.weir.ml.tracking.search;

import dev.weir.ml.tracking.search.Field.Kind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads filters and orders. */
public final class FilterParser {
    private static final int DEEPEST = 50;
    private static final int MOST_CLAUSES = 300;
    private static final int MOST_ORDERS = 50;

    private static final Map<String, Kind> KINDS =
            Map.ofEntries(
                    Map.entry("metric", Kind.METRIC),
                    Map.entry("metrics", Kind.METRIC),
                    Map.entry("param", Kind.PARAM),
                    Map.entry("params", Kind.PARAM),
                    Map.entry("parameter", Kind.PARAM),
                    Map.entry("parameters", Kind.PARAM),
                    Map.entry("tag", Kind.TAG),
                    Map.entry("tags", Kind.TAG),
                    Map.entry("attribute", Kind.ATTRIBUTE),
                    Map.entry("attributes", Kind.ATTRIBUTE),
                    Map.entry("attr", Kind.ATTRIBUTE),
                    Map.entry("run", Kind.ATTRIBUTE),
                    Map.entry("dataset", Kind.DATASET),
                    Map.entry("datasets", Kind.DATASET));

    private final Vocabulary vocabulary;
    private final String what;
    private final List<Token> tokens;
    private int next;
    private int clauses;

    private FilterParser(Vocabulary vocabulary, String what, String text) {
        this.vocabulary = vocabulary;
        this.what = what;
        this.tokens = Words.of(what, text);
    }

    /**
     * Reads a filter; an empty one is everything.
     *
     * @throws dev.weir.base.problem.ProblemException with the place of what is wrong
     */
    public static Filter filter(Vocabulary vocabulary, String text) {
        FilterParser parser = new FilterParser(vocabulary, "filter", text);
        if (parser.token().kind() == Token.Kind.END) {
            return Filter.EVERYTHING;
        }
        Filter filter = parser.any(0);
        if (parser.token().kind() != Token.Kind.END) {
            throw parser.unexpected("AND, OR or the end");
        }
        return filter;
    }

    /**
     * Reads an order, one field with {@code ASC} or {@code DESC} in each text.
     *
     * @throws dev.weir.base.problem.ProblemException with the place of what is wrong, or where a
     *     field is there twice
     */
    public static List<OrderBy> orders(Vocabulary vocabulary, List<String> texts) {
        if (texts.size() > MOST_ORDERS) {
            throw Words.wrong(
                    "order_by",
                    0,
                    texts.size() + " fields (expected: at most " + MOST_ORDERS + ")");
        }
        List<OrderBy> orders = new ArrayList<>();
        Set<Field> known = new HashSet<>();
        for (String text : texts) {
            OrderBy order = new FilterParser(vocabulary, "order_by", text).order();
            if (!known.add(order.field())) {
                throw Words.wrong("order_by", 0, "`order_by` contains duplicate fields: " + texts);
            }
            orders.add(order);
        }
        return orders;
    }

    private OrderBy order() {
        Field field = field();
        boolean ascending = true;
        if (token().is("ASC") || token().is("DESC")) {
            ascending = take().is("ASC");
        }
        if (token().kind() != Token.Kind.END) {
            throw unexpected("ASC, DESC or the end");
        }
        return new OrderBy(field, ascending);
    }

    private Filter any(int depth) {
        List<Filter> parts = new ArrayList<>();
        parts.add(all(depth));
        while (token().is("OR")) {
            take();
            parts.add(all(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : new Filter.Any(parts);
    }

    private Filter all(int depth) {
        List<Filter> parts = new ArrayList<>();
        parts.add(one(depth));
        while (token().is("AND")) {
            take();
            parts.add(one(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : new Filter.All(parts);
    }

    private Filter one(int depth) {
        if (depth > DEEPEST) {
            throw Words.wrong(what, token().at(), "nested deeper than " + DEEPEST + " levels");
        }
        if (token().is("NOT")) {
            take();
            return new Filter.Not(one(depth + 1));
        }
        if (token().kind() == Token.Kind.OPEN) {
            take();
            Filter inside = any(depth + 1);
            if (token().kind() != Token.Kind.CLOSE) {
                throw unexpected("')'");
            }
            take();
            return inside;
        }
        return clause();
    }

    private Filter clause() {
        clauses++;
        if (clauses > MOST_CLAUSES) {
            throw Words.wrong(what, token().at(), "more than " + MOST_CLAUSES + " clauses");
        }
        Token start = token();
        Field field = field();
        Vocabulary.Type type = type(field, start);
        Token written = token();
        Operator operator = operator();
        if (!allowed(type).contains(operator)) {
            throw Words.wrong(
                    what,
                    written.at(),
                    "Invalid comparator '%s' for %s (expected: %s)"
                            .formatted(
                                    operator.text(),
                                    field,
                                    allowed(type).stream()
                                            .map(Operator::text)
                                            .collect(Collectors.joining(" "))));
        }
        return new Filter.Clause(field, operator, value(field, type, operator));
    }

    private Vocabulary.Type type(Field field, Token start) {
        return vocabulary
                .type(field)
                .orElseThrow(
                        () ->
                                Words.wrong(
                                        what,
                                        start.at(),
                                        "Invalid dataset key '%s' specified. Valid keys are '[context, digest, name]'"
                                                .formatted(field.key())));
    }

    private static List<Operator> allowed(Vocabulary.Type type) {
        return switch (type) {
            case NUMBER ->
                    List.of(
                            Operator.EQUAL,
                            Operator.UNEQUAL,
                            Operator.LESS,
                            Operator.AT_MOST,
                            Operator.GREATER,
                            Operator.AT_LEAST);
            case TEXT -> List.of(Operator.EQUAL, Operator.UNEQUAL, Operator.LIKE, Operator.ILIKE);
            case LISTED ->
                    List.of(
                            Operator.EQUAL,
                            Operator.UNEQUAL,
                            Operator.LIKE,
                            Operator.ILIKE,
                            Operator.IN,
                            Operator.NOT_IN);
        };
    }

    private Field field() {
        Token token = token();
        if (token.kind() != Token.Kind.WORD && token.kind() != Token.Kind.QUOTED) {
            throw unexpected("a field, such as metrics.loss");
        }
        take();
        String text = token.text();
        // `run name` may stand bare in an order: two words of one attribute
        if (token().kind() == Token.Kind.WORD
                && vocabulary.attributes().containsKey(text + " " + token().text())) {
            text = text + " " + take().text();
        }
        int dot = text.indexOf('.');
        if (vocabulary.attributes().containsKey(text) || dot < 0) {
            return attribute(text, token);
        }
        String prefix = text.substring(0, dot).toLowerCase(Locale.ROOT);
        String key = text.substring(dot + 1);
        Kind kind = KINDS.get(prefix);
        if (kind == Kind.ATTRIBUTE) {
            return attribute(key, token);
        }
        if (kind == null || !vocabulary.kinds().contains(kind)) {
            String valid =
                    vocabulary.kinds().stream()
                            .map(Kind::word)
                            .sorted()
                            .collect(Collectors.joining(", "));
            throw Words.wrong(
                    what,
                    token.at(),
                    "Invalid entity type '%s'. Valid values are [attributes, %s]"
                            .formatted(text.substring(0, dot), valid));
        }
        if (key.isEmpty()) {
            throw Words.wrong(what, token.at(), "'" + text + "' (expected: a key after the dot)");
        }
        return new Field(kind, key);
    }

    private Field attribute(String name, Token token) {
        Vocabulary.Attribute known = vocabulary.attributes().get(name);
        if (known == null) {
            throw Words.wrong(
                    what,
                    token.at(),
                    "Invalid attribute key '%s' specified. Valid keys are '%s'"
                            .formatted(name, new TreeSet<>(vocabulary.attributes().keySet())));
        }
        return new Field(Kind.ATTRIBUTE, known.name());
    }

    private Operator operator() {
        Token token = token();
        if (token.kind() == Token.Kind.COMPARATOR) {
            take();
            for (Operator operator : Operator.values()) {
                if (operator.text().equals(token.text())) {
                    return operator;
                }
            }
        }
        if (token.is("NOT") && tokens.get(next + 1).is("IN")) {
            take();
            take();
            return Operator.NOT_IN;
        }
        for (Operator word : List.of(Operator.LIKE, Operator.ILIKE, Operator.IN)) {
            if (token.is(word.text())) {
                take();
                return word;
            }
        }
        throw unexpected("a comparator: = != < <= > >= LIKE ILIKE IN NOT IN");
    }

    private Value value(Field field, Vocabulary.Type type, Operator operator) {
        if (operator == Operator.IN || operator == Operator.NOT_IN) {
            return texts();
        }
        Token token = take();
        if (type == Vocabulary.Type.NUMBER) {
            if (token.kind() != Token.Kind.NUMBER) {
                throw Words.wrong(
                        what,
                        token.at(),
                        "Expected numeric value for %s. Found %s".formatted(field, token.shown()));
            }
            return new Value.Number(Double.parseDouble(token.text()));
        }
        if (!isText(token)) {
            throw Words.wrong(
                    what,
                    token.at(),
                    "Expected a quoted string value for %s (e.g. 'my-value'). Got value %s"
                            .formatted(field, token.shown()));
        }
        return new Value.Text(token.text());
    }

    private Value texts() {
        if (token().kind() != Token.Kind.OPEN) {
            throw unexpected("a list in parentheses: ('a', 'b')");
        }
        List<String> texts = new ArrayList<>();
        do {
            take();
            Token token = take();
            if (!isText(token)) {
                throw Words.wrong(what, token.at(), token.shown() + " (expected: a quoted text)");
            }
            texts.add(token.text());
        } while (token().kind() == Token.Kind.COMMA);
        if (token().kind() != Token.Kind.CLOSE) {
            throw unexpected("',' or ')'");
        }
        take();
        return new Value.Texts(texts);
    }

    private static boolean isText(Token token) {
        return token.kind() == Token.Kind.TEXT || token.kind() == Token.Kind.QUOTED;
    }

    private Token token() {
        return tokens.get(next);
    }

    private Token take() {
        Token token = tokens.get(next);
        if (token.kind() != Token.Kind.END) {
            next++;
        }
        return token;
    }

    private RuntimeException unexpected(String expected) {
        return Words.wrong(what, token().at(), token().shown() + " (expected: " + expected + ")");
    }
}

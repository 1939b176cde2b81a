package dev.weir.ml.tracking.search;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Which of many things are meant. */
public sealed interface Filter {
    /** All of them. */
    Filter EVERYTHING = new All(List.of());

    /** Those that have the field, where it compares so. */
    record Clause(Field field, Operator operator, Value value) implements Filter {}

    /** Those that match all parts; everything where there are none. */
    record All(List<Filter> parts) implements Filter {
        public All {
            parts = List.copyOf(parts);
        }
    }

    /** Those that match one part or more. */
    record Any(List<Filter> parts) implements Filter {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    /** Those that do not match. */
    record Not(Filter part) implements Filter {}

    /** Whether something matches. */
    default boolean matches(Subject subject) {
        return switch (this) {
            case Clause clause -> matches(clause, subject);
            case All(List<Filter> parts) -> parts.stream().allMatch(p -> p.matches(subject));
            case Any(List<Filter> parts) -> parts.stream().anyMatch(p -> p.matches(subject));
            case Not(Filter part) -> !part.matches(subject);
        };
    }

    /** The clauses in it, in the order of the text. */
    default List<Clause> clauses() {
        return switch (this) {
            case Clause clause -> List.of(clause);
            case All(List<Filter> parts) ->
                    parts.stream().flatMap(p -> p.clauses().stream()).toList();
            case Any(List<Filter> parts) ->
                    parts.stream().flatMap(p -> p.clauses().stream()).toList();
            case Not(Filter part) -> part.clauses();
        };
    }

    private static boolean matches(Clause clause, Subject subject) {
        return switch (clause.value()) {
            case Value.Number(double wanted) -> {
                OptionalDouble found = subject.number(clause.field());
                yield found.isPresent() && compares(clause.operator(), found.getAsDouble(), wanted);
            }
            case Value.Text(String wanted) -> {
                Optional<String> found = subject.text(clause.field());
                yield found.filter(compares(clause.operator(), wanted)).isPresent();
            }
            case Value.Texts(List<String> wanted) -> {
                Optional<String> found = subject.text(clause.field());
                yield found.isPresent()
                        && wanted.contains(found.get()) == (clause.operator() == Operator.IN);
            }
        };
    }

    private static boolean compares(Operator operator, double found, double wanted) {
        return switch (operator) {
            case EQUAL -> found == wanted;
            case UNEQUAL -> found != wanted;
            case LESS -> found < wanted;
            case AT_MOST -> found <= wanted;
            case GREATER -> found > wanted;
            case AT_LEAST -> found >= wanted;
            case LIKE, ILIKE, IN, NOT_IN -> throw new IllegalStateException(operator + ": number");
        };
    }

    private static Predicate<String> compares(Operator operator, String wanted) {
        return switch (operator) {
            case EQUAL -> wanted::equals;
            case UNEQUAL -> found -> !wanted.equals(found);
            case LIKE -> found -> like(wanted).matcher(found).matches();
            case ILIKE -> {
                Pattern pattern = like(wanted.toLowerCase(Locale.ROOT));
                yield found -> pattern.matcher(found.toLowerCase(Locale.ROOT)).matches();
            }
            case LESS, AT_MOST, GREATER, AT_LEAST, IN, NOT_IN ->
                    throw new IllegalStateException(operator + ": text");
        };
    }

    private static Pattern like(String wanted) {
        StringBuilder pattern = new StringBuilder();
        for (String part : wanted.splitWithDelimiters("[%_]", 0)) {
            pattern.append(
                    switch (part) {
                        case "%" -> ".*";
                        case "_" -> ".";
                        default -> Pattern.quote(part);
                    });
        }
        return Pattern.compile(pattern.toString(), Pattern.DOTALL);
    }
}

package dev.weir.store.ledger;

import java.util.Locale;

/**
 * Who did it.
 *
 * @param kind a person, a service account or a trigger
 * @param name the login of a person, the name of a service, or of a trigger: {@code schedule}
 */
public record Actor(Kind kind, String name) {
    /** What an actor is. */
    public enum Kind {
        PERSON,
        SERVICE,
        TRIGGER;

        /** {@code person}, {@code service} or {@code trigger}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String word) {
            return switch (word) {
                case "person" -> PERSON;
                case "service" -> SERVICE;
                case "trigger" -> TRIGGER;
                default ->
                        throw new IllegalArgumentException(
                                "actor: " + word + " (expected: person, service or trigger)");
            };
        }
    }

    public Actor {
        if (name.isBlank()) {
            throw new IllegalArgumentException(
                    "actor: no name (expected: " + kind.word() + ":NAME)");
        }
    }

    public static Actor person(String login) {
        return new Actor(Kind.PERSON, login);
    }

    public static Actor service(String name) {
        return new Actor(Kind.SERVICE, name);
    }

    public static Actor trigger(String name) {
        return new Actor(Kind.TRIGGER, name);
    }

    /** The actor that {@link #toString} wrote. */
    public static Actor parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("actor: " + text + " (expected: KIND:NAME)");
        }
        return new Actor(Kind.of(text.substring(0, colon)), text.substring(colon + 1));
    }

    /** {@code person:anna}. */
    @Override
    public String toString() {
        return kind.word() + ":" + name;
    }
}

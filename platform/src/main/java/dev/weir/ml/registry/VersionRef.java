package dev.weir.ml.registry;

import dev.weir.base.problem.Problem;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a person names a model version: {@code income} (the newest), {@code income:3}, {@code
 * income@production}.
 *
 * @param model the registered model's name
 * @param pick which of its versions
 */
public record VersionRef(String model, Pick pick) {
    private static final Pattern FORM =
            Pattern.compile("(?<model>[^/:@\\p{Cntrl}]+)(?::(?<number>\\d+)|@(?<alias>[\\w-]+))?");

    /** Which version of a model. */
    public sealed interface Pick {}

    /**
     * The version of this number.
     *
     * @param version 1 or more
     */
    public record Number(long version) implements Pick {}

    /** The version that an alias points to. */
    public record Alias(String alias) implements Pick {}

    /** The version with the highest number. */
    public record Newest() implements Pick {}

    /** The version of this number. */
    public static VersionRef of(String model, long version) {
        return new VersionRef(model, new Number(version));
    }

    /** The version that this alias points to. */
    public static VersionRef alias(String model, String alias) {
        return new VersionRef(model, new Alias(alias));
    }

    /**
     * Reads a reference.
     *
     * @throws dev.weir.base.problem.ProblemException where it has none of the three forms
     */
    public static VersionRef parse(String text) {
        Matcher found = FORM.matcher(text);
        if (!found.matches()) {
            throw malformed(text);
        }
        String model = found.group("model");
        if (found.group("alias") instanceof String alias) {
            return alias(model, alias);
        }
        if (found.group("number") instanceof String number) {
            try {
                return of(model, Long.parseLong(number));
            } catch (NumberFormatException e) {
                throw malformed(text);
            }
        }
        return new VersionRef(model, new Newest());
    }

    private static RuntimeException malformed(String text) {
        return Problem.input(
                        "version.reference",
                        "model version: '"
                                + text
                                + "' (expected: NAME, NAME:NUMBER or NAME@ALIAS, such as income:3"
                                + " or income@production)")
                .exception();
    }

    /** As a person writes it. */
    @Override
    public String toString() {
        return switch (pick) {
            case Number(long version) -> model + ":" + version;
            case Alias(String alias) -> model + "@" + alias;
            case Newest ignored -> model;
        };
    }
}

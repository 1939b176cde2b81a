package dev.weir.base.problem;

import org.jspecify.annotations.Nullable;

/**
 * An error for a person.
 *
 * @param kind decides the exit code
 * @param code a stable, dotted name for programs, for example {@code table.ragged}
 * @param message one sentence with the value that was found and what was expected
 * @param place where it is, if it is in a file
 * @param hint what to do about it, if that is known
 */
public record Problem(
        Kind kind, String code, String message, @Nullable Place place, @Nullable String hint) {

    /** The input is wrong (exit 2). */
    public static Problem input(String code, String message) {
        return new Problem(Kind.INPUT, code, message, null, null);
    }

    /** A gate or check said no (exit 1). */
    public static Problem rejected(String code, String message) {
        return new Problem(Kind.REJECTED, code, message, null, null);
    }

    /** A step failed (exit 3). */
    public static Problem step(String code, String message) {
        return new Problem(Kind.STEP, code, message, null, null);
    }

    /** Refused: permission, conflict, moved-on state (exit 4). */
    public static Problem refused(String code, String message) {
        return new Problem(Kind.REFUSED, code, message, null, null);
    }

    /** A defect of Weir (exit 5). */
    public static Problem defect(String code, String message) {
        return new Problem(Kind.DEFECT, code, message, null, null);
    }

    /** The same problem, with its place. */
    public Problem at(@Nullable Place where) {
        return new Problem(kind, code, message, where, hint);
    }

    /** The same problem, with what to do. */
    public Problem hint(@Nullable String whatToDo) {
        return new Problem(kind, code, message, place, whatToDo);
    }

    /** This problem, to be thrown. */
    public ProblemException exception() {
        return new ProblemException(this);
    }

    /** This problem, to be thrown, with what caused it. */
    public ProblemException exception(Throwable cause) {
        return new ProblemException(this, cause);
    }

    /** One line, {@code place: message}, as a terminal shows it. */
    public String line() {
        return place == null ? message : place + ": " + message;
    }
}

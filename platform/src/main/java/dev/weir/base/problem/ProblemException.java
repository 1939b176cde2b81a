package dev.weir.base.problem;

import java.util.List;
import java.util.stream.Collectors;

/** Carries one or more problems up to the door that tells them. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final List<Problem> problems;

    public ProblemException(Problem problem) {
        this(List.of(problem));
    }

    public ProblemException(Problem problem, Throwable cause) {
        super(problem.line(), cause);
        this.problems = List.of(problem);
    }

    /** All that was found in one go, in the order in which a reader meets it; never empty. */
    public ProblemException(List<Problem> problems) {
        super(problems.stream().map(Problem::line).collect(Collectors.joining("\n")));
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("problems: none (expected: at least one)");
        }
        this.problems = List.copyOf(problems);
    }

    /** The problems, at least one. */
    public List<Problem> problems() {
        return problems;
    }

    /** The kind of the first problem: it decides the exit code. */
    public Kind kind() {
        return problems.getFirst().kind();
    }
}

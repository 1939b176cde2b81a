package dev.weir.ml.data;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong with a table, up to a number that a person still reads. */
final class Findings {
    static final int MOST = 20;

    private final List<Problem> problems = new ArrayList<>();

    /**
     * Notes one.
     *
     * @throws ProblemException with all of them, once there are {@link #MOST}
     */
    void add(Problem problem) {
        problems.add(problem);
        if (problems.size() >= MOST) {
            throw new ProblemException(problems);
        }
    }

    boolean none() {
        return problems.isEmpty();
    }

    List<Problem> all() {
        return problems;
    }

    /** Throws what was found, if anything was. */
    void refuse() {
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }
}

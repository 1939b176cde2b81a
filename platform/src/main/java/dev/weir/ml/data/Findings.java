package dev.weir.ml.data;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong with a table, up to a number that a person still reads. */
public final class Findings {
    /** As many as are gathered before the reading stops. */
    public static final int MOST = 20;

    private final List<Problem> problems = new ArrayList<>();

    /**
     * Notes one.
     *
     * @throws ProblemException with all of them, once there are {@link #MOST}
     */
    public void add(Problem problem) {
        problems.add(problem);
        if (problems.size() >= MOST) {
            throw new ProblemException(problems);
        }
    }

    /** Whether nothing was found so far. */
    public boolean none() {
        return problems.isEmpty();
    }

    /** What was found so far, in the order of finding. */
    public List<Problem> all() {
        return problems;
    }

    /**
     * Throws what was found, if anything was.
     *
     * @throws ProblemException with all of it
     */
    public void refuse() {
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }
}

package dev.weir.base.problem;

/** What sort of problem it is; decides the exit code of the command line (DESIGN section 6). */
public enum Kind {
    /** A gate or a check said no, or could not be judged. The work ran; the answer is no. */
    REJECTED(1),
    /** The input is wrong: usage, YAML, data that cannot be read. */
    INPUT(2),
    /** A step failed: crash, full disk, timeout. */
    STEP(3),
    /** Refused: permission, conflict, the state has moved on. */
    REFUSED(4),
    /** A defect of Weir itself. */
    DEFECT(5),
    /** A person cancelled it. */
    CANCELLED(130);

    private final int exitCode;

    Kind(int exitCode) {
        this.exitCode = exitCode;
    }

    /** The exit code of a command that ends with this problem. */
    public int exitCode() {
        return exitCode;
    }
}

package dev.weir.store.meta;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What a database's errors mean to a person. */
final class Faults {
    private final String where;

    /**
     * @param where the database as a message may name it, without a password
     */
    Faults(String where) {
        this.where = where;
    }

    /** The problem that this error is; the error itself where a person can do nothing about it. */
    RuntimeException told(RuntimeException error) {
        for (SQLException sql : chain(error)) {
            Problem problem = problem(sql);
            if (problem != null && !(error instanceof ProblemException)) {
                return problem.exception(error);
            }
        }
        return error;
    }

    /** The problem that this error is; a defect where it is none that a person can mend. */
    RuntimeException told(SQLException error) {
        return told(new IllegalStateException(where + ": " + error.getMessage(), error));
    }

    /** Whether the same work may succeed when it is run again from its beginning. */
    static boolean passing(Throwable error) {
        return chain(error).stream()
                .map(SQLException::getSQLState)
                .anyMatch(state -> "40001".equals(state) || "40P01".equals(state));
    }

    /** Whether the connection is gone, and with it the transaction. */
    static boolean broken(Throwable error) {
        return chain(error).stream()
                .map(SQLException::getSQLState)
                .anyMatch(s -> s != null && (s.startsWith("08") || s.startsWith("57P0")));
    }

    /** Whether the transaction was one that may only read. */
    static boolean writeRefused(Throwable error) {
        return chain(error).stream()
                .anyMatch(
                        sql ->
                                "25006".equals(sql.getSQLState())
                                        || (sql instanceof SQLiteException sqlite
                                                && sqlite.getResultCode().code == 8));
    }

    private static List<SQLException> chain(Throwable error) {
        List<SQLException> found = new ArrayList<>();
        for (Throwable t = error; t != null && found.size() < 20; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                found.add(sql);
            }
        }
        return found;
    }

    private @Nullable Problem problem(SQLException error) {
        if (error instanceof SQLiteException sqlite) {
            return ofSqlite(sqlite.getResultCode().code & 0xff);
        }
        String state = error.getSQLState();
        return state == null ? null : ofPostgres(state, error);
    }

    private @Nullable Problem ofSqlite(int primaryCode) {
        return switch (primaryCode) {
            case 5, 6 ->
                    Problem.refused(
                                    "database.busy",
                                    where + ": another process has held it for too long")
                            .hint("Find the process that has it open: fuser " + where);
            case 8 ->
                    Problem.refused(
                                    "database.read-only",
                                    where + ": read-only (expected: a file that may be written)")
                            .hint("Check the permissions of the file, its folder and the mount.");
            case 10 -> Problem.step("database.io", where + ": the disk failed to read or write it");
            case 11 ->
                    Problem.input("database.corrupt", where + ": damaged (expected: a sound file)")
                            .hint(
                                    "Restore it from a backup; the blobs beside it stay as they"
                                            + " are.");
            case 13 -> noSpace();
            case 14 ->
                    Problem.refused(
                            "database.unopenable",
                            where
                                    + ": cannot be opened (expected: a file, in a folder that"
                                    + " exists and may be written)");
            case 26 -> foreign();
            default -> null;
        };
    }

    private @Nullable Problem ofPostgres(String state, SQLException error) {
        if (state.startsWith("08") || state.startsWith("57P") || state.equals("53300")) {
            return Problem.step("database.unreachable", where + ": " + error.getMessage());
        }
        if (state.startsWith("28")) {
            return Problem.refused("database.login", where + ": " + error.getMessage());
        }
        return switch (state) {
            case "3D000" -> Problem.refused("database.absent", where + ": " + error.getMessage());
            case "53100" -> noSpace();
            case "40001", "40P01" ->
                    Problem.refused(
                            "database.busy", where + ": too many writers met, again and again");
            default -> null;
        };
    }

    private Problem noSpace() {
        return Problem.step("store.no-space", where + ": no space left on its disk")
                .hint("Free some space; nothing of the interrupted change was kept.");
    }

    Problem foreign() {
        return Problem.input(
                "database.foreign", where + ": not a database of Weir (expected: one, or none)");
    }
}

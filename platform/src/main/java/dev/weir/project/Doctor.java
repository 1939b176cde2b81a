package dev.weir.project;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.pipeline.Engine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Looks whether all that Weir needs is there and works, and says what to do where it is not. */
public final class Doctor {
    private static final long SCARCE_BYTES = 1L << 30;
    private static final int PATIENCE_SECONDS = 10;

    private final Function<Project, Home> homes;

    /**
     * A doctor.
     *
     * @param homes opens the home of a project
     */
    public Doctor(Function<Project, Home> homes) {
        this.homes = homes;
    }

    /** How a finding is to be taken. */
    public enum Level {
        OK,
        /** Weir works, and something will not. */
        WARN,
        /** Weir does not work. */
        FAIL
    }

    /**
     * What was found at one place.
     *
     * @param check what was looked at
     * @param found in a few words
     * @param advice what to do; null where nothing is
     */
    public record Finding(String check, Level level, String found, @Nullable String advice) {
        /** All is well. */
        public static Finding ok(String check, String found) {
            return new Finding(check, Level.OK, found, null);
        }

        /** Weir works, and something will not. */
        public static Finding warn(String check, String found, String advice) {
            return new Finding(check, Level.WARN, found, advice);
        }

        /** Weir does not work. */
        public static Finding fail(String check, String found, String advice) {
            return new Finding(check, Level.FAIL, found, advice);
        }
    }

    /** What has nothing to do with a project. */
    public List<Finding> machine() {
        return List.of(git(), isolation());
    }

    /** The home of a project: its disk, its database, and what dead processes left in it. */
    public List<Finding> home(Project project) {
        List<Finding> findings = new ArrayList<>();
        try {
            Files.createDirectories(project.home());
        } catch (IOException e) {
            return List.of(
                    Finding.fail(
                            "home",
                            project.home() + " cannot be made: " + e.getMessage(),
                            "Check the permissions of the project's folder."));
        }
        findings.add(permissions(project.home()));
        findings.add(space(project.home()));
        findings.add(writes(project.home()));
        findings.addAll(database(project));
        return findings;
    }

    private static Finding git() {
        return Git.version()
                .map(version -> Finding.ok("git", version))
                .orElseGet(
                        () ->
                                Finding.warn(
                                        "git",
                                        "not found",
                                        "Commits are read without it, more slowly: install git."));
    }

    /** A directory of its own is always there; the rest depends on the system. */
    private static Finding isolation() {
        boolean bubblewrap = works("bwrap", "--ro-bind", "/", "/", "true");
        boolean namespaces = works("unshare", "--user", "--map-root-user", "true");
        return Finding.ok(
                "isolation",
                bubblewrap || namespaces
                        ? "directory; namespace, by " + (bubblewrap ? "bubblewrap" : "unshare")
                        : "directory; no namespaces here");
    }

    private static boolean works(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException e) {
            return false; // there is no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Finding permissions(Path home) {
        if (!Files.isWritable(home) || !Files.isReadable(home)) {
            return Finding.fail(
                    "home",
                    home + " cannot be read and written",
                    "Give this account the right: chown or chmod.");
        }
        try {
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(home);
            if (rights.contains(PosixFilePermission.OTHERS_WRITE)) {
                return Finding.warn(
                        "home", home + " may be written by everybody", "chmod o-w " + home);
            }
            return Finding.ok("home", home + ", " + PosixFilePermissions.toString(rights));
        } catch (IOException | UnsupportedOperationException e) {
            return Finding.ok("home", home.toString()); // a file system without such rights
        }
    }

    private static Finding space(Path home) {
        try {
            long free = Files.getFileStore(home).getUsableSpace();
            String words = "%.1f GiB free".formatted(free / (double) SCARCE_BYTES);
            return free < SCARCE_BYTES
                    ? Finding.warn(
                            "disk",
                            words,
                            "Free some space, or remove what nothing needs: weir store gc")
                    : Finding.ok("disk", words);
        } catch (IOException e) {
            return Finding.warn("disk", "its space is not known: " + e.getMessage(), "Look at it.");
        }
    }

    private static Finding writes(Path home) {
        Path probe = home.resolve("doctor-" + ProcessHandle.current().pid());
        try {
            try (FileChannel file =
                    FileChannel.open(
                            probe, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.allocate(1));
                file.force(true);
            } finally {
                Files.deleteIfExists(probe);
            }
            return Finding.ok("write", "a file can be written, and forced to disk");
        } catch (IOException e) {
            return Finding.fail(
                    "write",
                    "no file can be written and forced to disk: " + e.getMessage(),
                    "Look at the disk and how it is mounted.");
        }
    }

    private List<Finding> database(Project project) {
        try (Home home = homes.apply(project)) {
            Engine engine = home.engine(new TrackedRuns(home.tracking(), home.ledger()));
            int dead = engine.sweep();
            return List.of(
                    Finding.ok(
                            "database",
                            "%s, schema version %d"
                                    .formatted(
                                            home.database()
                                                    .dialect()
                                                    .name()
                                                    .toLowerCase(java.util.Locale.ROOT),
                                            home.database().schemaVersion())),
                    dead == 0
                            ? Finding.ok("runs", "none is dead")
                            : Finding.warn(
                                    "runs",
                                    dead + " whose process had ended; closed now",
                                    "weir runs list shows them. Run again what you still want."));
        } catch (ProblemException e) {
            Problem problem = e.problems().getFirst();
            return List.of(
                    Finding.fail(
                            "database",
                            problem.line(),
                            Optional.ofNullable(problem.hint()).orElse("Look at the file.")));
        }
    }
}

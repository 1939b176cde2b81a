package dev.weir.pipeline;

import dev.weir.base.problem.Problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A root of its own for a program ({@code isolation: namespace}): a user and a mount namespace by
 * {@code unshare}, in which it sees the system's programs, read-only, its own directory, what
 * attempts hand on to each other, and no other file. For systems whose kernel lets a user make
 * namespaces; elsewhere it is refused with words.
 */
final class Namespace {
    private static final List<String> UNSHARE =
            List.of("unshare", "--user", "--map-root-user", "--mount", "--propagation", "private");

    /** What a program needs of the system: its programs, libraries, settings and devices. */
    private static final List<String> SYSTEM =
            List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/opt", "/nix");

    private static final List<String> KERNEL = List.of("/dev", "/proc");
    private static final Set<String> PROGRAMS = Set.of("bin", "sbin", "shims");

    /** A mount keeps the flags that it had outside, or may not be made read-only. */
    private static final String SCRIPT =
            """
            set -e
            root=$1; own=$2; seen=$3; kernel=$4; shift 4
            stop() { echo "isolation: $1" >&2; exit 126; }
            place() {
                if [ -L "$1" ]; then mkdir -p "$root${1%/*}"; ln -s "$(readlink "$1")" "$root$1"; return 1; fi
                mkdir -p "$root$1"; mount --rbind "$1" "$root$1" || stop "no $1"
            }
            mount -t tmpfs none "$root" || stop "no file system in memory"
            old_ifs=$IFS; IFS=:
            for p in $seen; do
                place "$p" || continue
                for more in "" ,nosuid ,nodev ,nosuid,nodev ,nosuid,nodev,noexec -; do
                    [ "$more" != - ] || stop "$p cannot be made read-only"
                    if mount -o "remount,bind,ro$more" "$root$p" 2>/dev/null; then break; fi
                done
            done
            for p in $kernel; do place "$p" || true; done
            for p in $own; do mkdir -p "$root$p"; mount --bind "$p" "$root$p" || stop "no $p"; done
            IFS=$old_ifs
            here=$(pwd)
            mkdir -p "$root/tmp" "$root/.old"
            cd "$root"
            pivot_root . .old || stop "no root of its own"
            umount -l /.old
            cd "$here"
            exec "$@"
            """;

    private Namespace() {}

    /**
     * The command that runs another in a root of its own.
     *
     * @param environment what the program will see
     * @throws dev.weir.base.problem.ProblemException (REFUSED) where the system has no such thing
     */
    static List<String> command(Attempt attempt, List<String> argv, Map<String, String> environment)
            throws InterruptedException {
        require(attempt, environment);
        Path directory = attempt.directory().toAbsolutePath();
        Path root = directory.resolve(".root");
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(UNSHARE);
        command.addAll(List.of("/bin/sh", "-c", SCRIPT, "weir-namespace", root.toString()));
        command.add(directory + ":" + attempt.kept().toAbsolutePath());
        command.add(
                seen(directory, environment).stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(":")));
        command.add(String.join(":", KERNEL));
        command.addAll(argv);
        return command;
    }

    private static void require(Attempt attempt, Map<String, String> environment)
            throws InterruptedException {
        List<String> probe = new ArrayList<>(UNSHARE);
        probe.add("true");
        boolean there =
                Launcher.found(
                                UNSHARE.getFirst(),
                                environment.getOrDefault("PATH", ""),
                                Path.of("/"))
                        .isPresent();
        if (!there || attempt.run(probe, environment) != 0) {
            throw Problem.refused(
                            "step.isolation",
                            attempt.step()
                                    + ": isolation: namespace (expected: directory, as this system"
                                    + (there
                                            ? " lets no user make namespaces)"
                                            : " has no program unshare)"))
                    .hint(
                            "On Linux, see the sysctls user.max_user_namespaces and"
                                    + " kernel.apparmor_restrict_unprivileged_userns.")
                    .exception();
        }
    }

    /** The system's folders, and those that the path leads to, none below another. */
    private static List<Path> seen(Path directory, Map<String, String> environment) {
        Set<Path> all = new LinkedHashSet<>();
        SYSTEM.forEach(folder -> all.add(Path.of(folder)));
        Path home = Path.of(environment.getOrDefault("HOME", "/"));
        Stream.concat(
                        Stream.of(environment.getOrDefault("PATH", "").split(":")),
                        Stream.ofNullable(environment.get("JAVA_HOME")))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> whole(Path.of(folder).normalize(), home, directory))
                .forEach(all::add);
        return all.stream()
                .filter(folder -> Files.exists(folder) && folder.getNameCount() > 0)
                .filter(
                        folder ->
                                all.stream()
                                        .noneMatch(
                                                other ->
                                                        !other.equals(folder)
                                                                && !Files.isSymbolicLink(other)
                                                                && folder.startsWith(other)))
                .toList();
    }

    /** An installation rather than its folder of programs alone; never a home or what holds us. */
    private static Path whole(Path folder, Path home, Path directory) {
        Path above = folder.getParent();
        boolean programs = PROGRAMS.contains(String.valueOf(folder.getFileName()));
        return programs
                        && above != null
                        && above.getNameCount() > 0
                        && !home.startsWith(above)
                        && !directory.startsWith(above)
                ? above
                : folder;
    }
}

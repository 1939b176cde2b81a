package dev.weir.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LauncherTest {
    private static final String ODD = "it's $HOME `id` \"q\" \\ \n second; line & <é> *";

    @TempDir Path folder;

    private int run(Launcher launcher, Map<String, String> environment, String... command)
            throws IOException {
        List<String> found = new ArrayList<>(List.of(command));
        String path = environment.getOrDefault("PATH", "");
        found.set(0, Launcher.found(command[0], path, folder).orElse("/no-such-program"));
        launcher.start(found, folder, folder.resolve("the log"), environment);
        return launcher.exitCode();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("the log"));
    }

    @Test
    void wordsAndVariablesArriveAsTheyAre() throws IOException {
        try (Launcher launcher = new Launcher()) {
            Map<String, String> environment =
                    Map.of(
                            "PATH",
                            "/usr/bin:/bin",
                            "ODD",
                            ODD,
                            "a.b-c",
                            ODD,
                            "EMPTY",
                            "",
                            "PPID",
                            "7",
                            "IFS",
                            "1");
            assertThat(run(launcher, environment, "printf", "%s|", ODD, "", "x")).isZero();
            assertThat(log()).isEqualTo(ODD + "||x|");
            Files.delete(folder.resolve("the log"));
            assertThat(run(launcher, environment, "env", "-0")).isZero();
            assertThat(log().split("\0", -1))
                    .contains(
                            "ODD=" + ODD,
                            "a.b-c=" + ODD,
                            "EMPTY=",
                            "PATH=/usr/bin:/bin",
                            "PPID=7",
                            "IFS=1")
                    .noneMatch(variable -> variable.startsWith("OLDPWD="));
            Files.delete(folder.resolve("the log"));
            Map<String, String> next =
                    Map.of("PATH", "/usr/bin:/bin", "EMPTY", "no more", "OPTIND", "x", "ENV", "y");
            assertThat(run(launcher, next, "env")).isZero();
            assertThat(log().lines())
                    .contains("PATH=/usr/bin:/bin", "EMPTY=no more", "OPTIND=x", "ENV=y")
                    .noneMatch(variable -> variable.contains("ODD") || variable.contains("a.b-c"));
        }
    }

    @Test
    void aProgramHasItsFolderAndNoInputAndTellsHowItEnded() throws IOException {
        Map<String, String> path = Map.of("PATH", "/usr/bin:/bin");
        try (Launcher launcher = new Launcher()) {
            assertThat(run(launcher, path, "sh", "-c", "pwd; cat; exit 7")).isEqualTo(7);
            assertThat(log().strip()).isEqualTo(folder.toRealPath().toString());
            assertThat(run(launcher, path, "sh", "-c", "kill -9 $$")).isEqualTo(137);
            assertThat(run(launcher, path, "no-such-program")).isEqualTo(127);
            assertThat(run(launcher, path, "/bin/true")).isZero();
            assertThat(run(launcher, path, "exit", "1")).isEqualTo(127);
            assertThat(run(launcher, path, "cd", "/")).isEqualTo(127);
            assertThat(run(launcher, path, "sh", "-c", "exit 0")).isZero();
        }
    }

    @Test
    void aProgramSeesNoOpenFileOfTheEngine() throws IOException {
        try (Launcher launcher = new Launcher();
                var open = Files.newInputStream(Path.of("/proc/self/stat"))) {
            assertThat(open.read()).isPositive();
            assertThat(
                            run(
                                    launcher,
                                    Map.of("PATH", "/usr/bin:/bin"),
                                    "sh",
                                    "-c",
                                    "for f in /proc/self/fd/*; do echo ${f##*/}; done"))
                    .isZero();
            assertThat(log().lines().filter(fd -> Integer.parseInt(fd) < 3))
                    .containsExactly("0", "1", "2");
            assertThat(log().lines().count()).isLessThanOrEqualTo(5);
        }
    }
}

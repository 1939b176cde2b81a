package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.base.digest.Digest;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

/**
 * Runs the real script {@code weir}, in a repository of its own in which {@code mvn} is a script
 * that copies a jar, and Weir a program that prints its arguments.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final Path JDK = Path.of(System.getProperty("java.home"));

    @TempDir static Path shared;
    @TempDir Path temp;

    private Path repository;
    private Path tools;

    @BeforeAll
    static void compileAProgramThatPrintsItsArguments() throws IOException, URISyntaxException {
        Path source = shared.resolve("Main.java");
        Files.writeString(
                source,
                """
                package dev.weir.app;

                class Main {
                    public static void main(String[] args) {
                        System.out.println(String.join("|", args));
                    }
                }
                """);
        Path classes = Files.createDirectory(shared.resolve("weir-platform-0"));
        for (Class<?> type :
                List.of(AppAssembly.class, AppDirectory.class, NativeBundle.class, Digest.class)) {
            String name = type.getName().replace('.', '/') + ".class";
            Path from = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
            Files.createDirectories(classes.resolve(name).getParent());
            Files.copy(from.resolve(name), classes.resolve(name));
        }
        int exit =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), source.toString());
        assertThat(exit).isZero();
        AppAssembly.make(shared.resolve("app"), List.of(classes));
    }

    @BeforeEach
    void makeARepositoryWithASpaceInItsName() throws IOException {
        repository = Files.createDirectories(temp.resolve("a place/weir"));
        Files.copy(
                BuiltApp.launcher(),
                repository.resolve("weir"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(repository.resolve("pom.xml"), "<project/>");
        Files.createDirectories(repository.resolve("platform/src/main/java"));
        Files.writeString(repository.resolve("platform/pom.xml"), "<project/>");
        Files.writeString(repository.resolve("platform/src/main/java/A.java"), "class A {}");
        tools = Files.createDirectory(temp.resolve("tools"));
        executable(
                tools.resolve("mvn"),
                """
                echo built >>'%1$s'
                [ -z "${WEIR_TEST_BROKEN:-}" ] || { echo 'A.java:1: no such thing'; exit 1; }
                for argument; do case $argument in -Dweir.build=*) to=${argument#*=} ;; esac; done
                mkdir "$to/lib" && cp '%2$s' "$to/" && cp '%2$s' "$to/lib/other.jar"
                """
                        .formatted(builds(), shared.resolve("app/lib/weir-platform-0.jar")));
    }

    @Test
    void buildsOnFirstUseAndAgainOnlyWhenSourcesChange() throws Exception {
        Outcome first = weir("run", "a b");
        Outcome second = weir("run", "*");
        Files.writeString(repository.resolve("platform/src/main/java/B.java"), "class B {}");
        Outcome changed = weir("plan");
        Files.delete(repository.resolve("platform/src/main/java/B.java"));
        Outcome back = weir("plan");

        assertThat(first).isEqualTo(new Outcome(0, "run|a b\n", first.err()));
        assertThat(first.err()).contains("Building Weir for the first time");
        assertThat(second).isEqualTo(new Outcome(0, "run|*\n", ""));
        assertThat(changed.err()).contains("its sources have changed");
        assertThat(back)
                .as("the older build is still there")
                .isEqualTo(new Outcome(0, "plan\n", ""));
        assertThat(Files.readAllLines(builds())).hasSize(2);
    }

    @Test
    void twoFirstUsesAtOnceBothWork() throws Exception {
        Process one = start(Map.of(), repository.resolve("weir"), "one");
        Process two = start(Map.of(), repository.resolve("weir"), "two");

        assertThat(outcome(one))
                .extracting(Outcome::exit, Outcome::out)
                .containsExactly(0, "one\n");
        assertThat(outcome(two))
                .extracting(Outcome::exit, Outcome::out)
                .containsExactly(0, "two\n");
        assertThat(names(repository.resolve("app")))
                .as("nothing half made is left")
                .noneMatch(name -> name.startsWith(".build") || name.startsWith(".draft"));
    }

    @Test
    void aBuildThatFailsShowsWhyAndIsTriedAgain() throws Exception {
        Outcome broken = weir(Map.of("WEIR_TEST_BROKEN", "yes"), "run");
        Outcome mended = weir("run");

        assertThat(broken.exit()).isEqualTo(5);
        assertThat(broken.err()).contains("A.java:1: no such thing").contains("app/build.log");
        assertThat(mended.exit()).isZero();
    }

    @Test
    void runsFromAnywhereThroughSymbolicLinks() throws Exception {
        weir("first");
        Path bin = Files.createDirectory(temp.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("hop"), Path.of("../a place/weir/weir"));
        Files.createSymbolicLink(bin.resolve("weir"), bin.resolve("hop"));

        Outcome linked = outcome(start(Map.of(), bin.resolve("weir"), "linked"));
        Outcome onPath =
                outcome(start(Map.of("PATH", bin + ":" + path()), Path.of("weir"), "on the path"));

        assertThat(linked).isEqualTo(new Outcome(0, "linked\n", ""));
        assertThat(onPath).isEqualTo(new Outcome(0, "on the path\n", ""));
    }

    @Test
    void anInstalledFolderNeedsNoMaven() throws Exception {
        weir("first");
        Files.delete(repository.resolve("pom.xml"));
        Files.delete(tools.resolve("mvn"));

        assertThat(weir("installed")).isEqualTo(new Outcome(0, "installed\n", ""));
    }

    @Test
    void saysWhatIsMissingWhereThereIsNoApplication() throws Exception {
        Files.delete(repository.resolve("pom.xml"));

        Outcome outcome = weir("run");

        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("holds no application");
    }

    @Test
    void saysWhatToInstallWhereThereIsNoJdk() throws Exception {
        Path script = repository.resolve("weir");
        Files.writeString(
                script,
                Files.readString(script)
                        .replace("/usr/lib/jvm", "/nowhere")
                        .replace("/Library/Java", "/nowhere"));

        Outcome none =
                weir(
                        Map.of(
                                "WEIR_JAVA_HOME",
                                "",
                                "JAVA_HOME",
                                "",
                                "HOME",
                                "/nowhere",
                                "PATH",
                                "/nowhere"),
                        "run");

        assertThat(none.exit()).isEqualTo(2);
        assertThat(none.err()).contains("no JDK 25").contains("Install one").contains("Temurin");
    }

    @Test
    void refusesAJdkThatIsTooOld() throws Exception {
        Path old = temp.resolve("jdk-17");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        executable(old.resolve("bin/java"), "exit 0");

        Outcome outcome = weir(Map.of("WEIR_JAVA_HOME", old.toString()), "run");

        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err())
                .contains(old.toString())
                .contains("expected: the home of a JDK 25");
    }

    @Test
    void aTornCacheBreaksNoCommand() throws Exception {
        Map<String, String> app = anAppOfMyOwn();
        weir(app, "first");
        Path cache = cacheIn(Path.of(app.get("WEIR_APP")));
        byte[] whole = Files.readAllBytes(cache);

        for (int length : new int[] {1, 4096, whole.length / 2}) {
            Files.write(cache, Arrays.copyOf(whole, length));
            assertThat(weir(app, "torn")).isEqualTo(new Outcome(0, "torn\n", ""));
        }
        Files.write(cache, new byte[whole.length]);
        assertThat(weir(app, "zeros")).isEqualTo(new Outcome(0, "zeros\n", ""));
    }

    @Test
    void theProgramUnderTestAnswers() throws Exception {
        Outcome outcome = outcome(BuiltApp.weir("--version").start());

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).startsWith("weir 0.1.0-SNAPSHOT (commit ");
    }

    @Test
    void aCacheThatCannotBeMadeIsNotTriedAgain() throws Exception {
        Map<String, String> variables = new HashMap<>(anAppOfMyOwn());
        Path home = temp.resolve("jdk");
        Files.createDirectories(home.resolve("bin"));
        Files.copy(JDK.resolve("release"), home.resolve("release"));
        executable(
                home.resolve("bin/java"),
                """
                case $1 in -XX:AOTCacheOutput=*) echo tried >>'%s'; exit 1 ;; esac
                exec '%s/bin/java' "$@"
                """
                        .formatted(builds(), JDK));
        variables.put("WEIR_JAVA_HOME", home.toString());

        assertThat(weir(variables, "first").out()).isEqualTo("first\n");
        assertThat(Files.readAllLines(builds()))
                .as("one for commands, one for the server")
                .containsExactly("tried", "tried");
        assertThat(weir(variables, "second")).isEqualTo(new Outcome(0, "second\n", ""));
        assertThat(Files.readAllLines(builds())).hasSize(2);
    }

    private Map<String, String> anAppOfMyOwn() throws IOException {
        Path app = temp.resolve("app");
        AppAssembly.make(app, List.of(shared.resolve("app/lib/weir-platform-0.jar")));
        return Map.of("WEIR_APP", app.toString());
    }

    private static Path cacheIn(Path app) throws IOException {
        try (Stream<Path> files = Files.list(app)) {
            return files.filter(f -> f.getFileName().toString().matches("cli-.*[.]aot"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }

    private Outcome weir(String... arguments) throws Exception {
        return weir(Map.of(), arguments);
    }

    private Outcome weir(Map<String, String> variables, String... arguments) throws Exception {
        return outcome(start(variables, repository.resolve("weir"), arguments));
    }

    private Process start(Map<String, String> variables, Path program, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$0\" \"$@\""));
        command.add(program.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(shared.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("WEIR_"));
        environment.put("WEIR_JAVA_HOME", JDK.toString());
        environment.put("PATH", path());
        environment.putAll(variables);
        return builder.start();
    }

    private static Outcome outcome(Process process) throws Exception {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new Outcome(process.waitFor(), out, err);
    }

    private String path() {
        return tools + ":/usr/bin:/bin";
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path builds() {
        return temp.resolve("builds.txt");
    }

    record Outcome(int exit, String out, String err) {}
}

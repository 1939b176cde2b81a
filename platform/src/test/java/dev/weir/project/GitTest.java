package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.eclipse.jgit.util.FS;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The git program and JGit, on one repository: whichever is there, a project is the same. */
class GitTest {
    private static final String NONE = "weir-test-no-such-program";

    @TempDir Path above;
    private Path root;

    @BeforeEach
    void aProject() throws IOException {
        root = Files.createDirectories(above.resolve("überall und nirgends"));
        write(".gitignore", "/.weir/\n*.tmp\n__pycache__/\n");
        write("weir.yaml", "project: p\n");
        write("src/schön.py", "print(1)\n");
        write("src/__pycache__/x.pyc", "x");
        write(".weir/weir.db", "x");
        write("scratch.tmp", "x");
        Files.createDirectories(root.resolve("tests/empty"));
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void assertBothSay(Path root, boolean commit, boolean dirty, String... files) {
        for (Git git : List.of(new Git(root), new Git(root, NONE))) {
            assertThat(git.state().dirty()).isEqualTo(dirty);
            assertThat(git.state().commit() != null).isEqualTo(commit);
            assertThat(git.files()).containsExactly(files);
        }
        assertThat(new Git(root, NONE).state()).isEqualTo(new Git(root).state());
    }

    private void assertFollowsChanges() throws IOException {
        assertBothSay(root, true, false, ".gitignore", "src/schön.py", "weir.yaml");
        write("src/new.py", "print(2)\n");
        assertBothSay(root, true, true, ".gitignore", "src/new.py", "src/schön.py", "weir.yaml");
        Files.delete(root.resolve("src/new.py"));
        assertBothSay(root, true, false, ".gitignore", "src/schön.py", "weir.yaml");
        write("weir.yaml", "project: q\n");
        assertBothSay(root, true, true, ".gitignore", "src/schön.py", "weir.yaml");
        Files.delete(root.resolve("weir.yaml"));
        assertBothSay(root, true, true, ".gitignore", "src/schön.py");
    }

    @Test
    void bothSayTheSameOfARepositoryThatTheProgramBegan() throws IOException {
        assumeTrue(Git.version().isPresent());
        new Git(root).init();
        assertFollowsChanges();
    }

    @Test
    void bothSayTheSameOfARepositoryThatJGitBegan() throws IOException {
        assumeTrue(Git.version().isPresent());
        new Git(root, NONE).init();
        assertFollowsChanges();
    }

    @Test
    void aProjectInsideARepositoryIsOnlyItsOwnFolder() throws IOException {
        assumeTrue(Git.version().isPresent());
        new Git(above, NONE).init();
        assertBothSay(root, true, false, ".gitignore", "src/schön.py", "weir.yaml");
        Files.writeString(above.resolve("elsewhere.txt"), "not of the project");
        assertBothSay(root, true, false, ".gitignore", "src/schön.py", "weir.yaml");
    }

    @Test
    void bothNameTheBranchAndWithoutOneAllWhoseTipIsCheckedOut() throws Exception {
        assumeTrue(Git.version().isPresent());
        new Git(root).init();
        assertBranches("main");
        git("checkout", "-q", "-b", "release/1.0");
        assertBranches("release/1.0");
        git("update-ref", "refs/remotes/origin/hotfix/7", "HEAD");
        git("checkout", "-q", "--detach");
        assertBranches("hotfix/7", "main", "release/1.0");
        git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-mx");
        assertBranches();
    }

    private void git(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command).directory(root.toFile()).start().waitFor()).isZero();
    }

    private void assertBranches(String... names) {
        assertThat(new Git(root).branches()).containsExactly(names);
        assertThat(new Git(root, NONE).branches()).containsExactly(names);
    }

    @Test
    void withoutARepositoryThereIsNoCommit() {
        assertThat(new Git(root, NONE).state()).isEqualTo(new Git.State(null, true));
        assertThat(new Git(root, NONE).files()).isEqualTo(new Git(root).files());
    }

    @Test
    void jGitDoesNotMeasureTheClockOfTheFileSystem() {
        new Git(root, NONE).init();
        assertThat(FS.getFileStoreAttributes(root).getFsTimestampResolution())
                .isEqualTo(Duration.ofSeconds(2));
    }
}

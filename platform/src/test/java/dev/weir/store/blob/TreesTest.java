package dev.weir.store.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.ProblemException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

class TreesTest {
    @TempDir Path folder;
    private Path source;
    private LocalBlobStore blobs;
    private Trees trees;

    @BeforeEach
    void open() throws IOException {
        source = Files.createDirectories(folder.resolve("source"));
        blobs = LocalBlobStore.open(folder.resolve("blobs"), Clock.systemUTC());
        trees = new Trees(blobs);
    }

    private void file(String path, String content) throws IOException {
        Path file = source.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void example() throws IOException {
        file("train.py", "print(1)");
        file("a/b/deep.txt", "deep");
        file("a/empty.txt", "");
        Files.createDirectories(source.resolve("nothing/in/it"));
        Files.setPosixFilePermissions(
                source.resolve("train.py"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void checkoutGivesTheFolderBack() throws IOException {
        example();
        Digest tree = trees.putFolder(source, path -> true);
        Path target = folder.resolve("target");
        trees.checkout(tree, target);
        assertThat(names(target)).isEqualTo(names(source));
        assertThat(target.resolve("a/b/deep.txt")).hasContent("deep");
        assertThat(target.resolve("nothing/in/it")).isDirectory();
        assertThat(Files.isExecutable(target.resolve("train.py"))).isTrue();
        assertThat(Files.getPosixFilePermissions(target.resolve("a/empty.txt")))
                .doesNotContain(java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE);
        assertThat(Trees.digest(target, path -> true)).isEqualTo(tree);
        assertThat(trees.files(tree))
                .containsExactly(
                        new Trees.TreeFile("a/b/deep.txt", Digest.ofText("deep"), 4, false),
                        new Trees.TreeFile("a/empty.txt", Digest.ofText(""), 0, false),
                        new Trees.TreeFile("train.py", Digest.ofText("print(1)"), 8, true));
    }

    private static List<String> names(Path top) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            return files.map(file -> top.relativize(file).toString()).sorted().toList();
        }
    }

    @Test
    void aManifestIsCanonicalJson() throws IOException {
        file("b.txt", "b");
        file("a/x", "x");
        Digest tree = trees.putFolder(source, path -> true);
        Digest below = trees.putFolder(source.resolve("a"), path -> true);
        assertThat(new String(blobs.bytes(tree), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"entries\":[{\"digest\":\"%s\",\"kind\":\"folder\",\"name\":\"a\",\"size\":1},"
                                        .formatted(below)
                                + "{\"digest\":\"%s\",\"executable\":false,\"kind\":\"file\",\"name\":\"b.txt\",\"size\":1}],"
                                        .formatted(Digest.ofText("b"))
                                + "\"format\":\"weir-tree/1\"}");
    }

    @Test
    void namesStandInTheOrderOfTheirCodePoints() {
        List<String> names = List.of("Z", "a", "é", "\uffee", "😀");
        List<Manifest.Entry> entries =
                names.reversed().stream()
                        .map(name -> Manifest.Entry.file(name, Digest.ofText(name), 1, false))
                        .toList();
        assertThat(new Manifest(entries).entries())
                .extracting(Manifest.Entry::name)
                .isEqualTo(names);
    }

    @Test
    void theDigestWithoutStoringIsTheSameAndStoresNothing() throws IOException {
        example();
        Digest tree = Trees.digest(source, path -> true);
        try (Stream<Digest> all = blobs.all()) {
            assertThat(all).isEmpty();
        }
        assertThat(trees.putFolder(source, path -> true)).isEqualTo(tree);
    }

    @Test
    void aChangeOfOneFileGivesNewNamesOnlyToTheFoldersAboveIt() throws IOException {
        example();
        file("other/file", "same");
        var before = trees.reachable(trees.putFolder(source, path -> true));
        file("a/b/deep.txt", "changed");
        var after = trees.reachable(trees.putFolder(source, path -> true));
        assertThat(after.stream().filter(digest -> !before.contains(digest)))
                .hasSize(4); // the file, a/b, a, the top
    }

    @Test
    void leftOutFilesAndFoldersLeaveNoTrace() throws IOException {
        example();
        file("a/cache/x.pyc", "x");
        Digest with =
                trees.putFolder(
                        source,
                        path ->
                                !path.toString().endsWith(".pyc")
                                        && !path.equals(Path.of("nothing")));
        assertThat(trees.files(with).map(Trees.TreeFile::path))
                .containsExactly("a/b/deep.txt", "a/empty.txt", "train.py");
        Path target = folder.resolve("target");
        trees.checkout(with, target);
        assertThat(target.resolve("a/cache")).doesNotExist();
        assertThat(target.resolve("nothing")).doesNotExist();
    }

    @Test
    void aSymbolicLinkIsRefusedWithItsName() throws IOException {
        Files.createSymbolicLink(source.resolve("link"), Path.of("elsewhere"));
        assertThatThrownBy(() -> trees.putFolder(source, path -> true))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(source.resolve("link").toString())
                .hasMessageContaining("symbolic link");
        trees.putFolder(source, path -> !path.endsWith("link"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "", "a/b", "/etc/passwd", "a\\u0000b", "a\\\\b"})
    void aManifestThatLeadsOutOfItsFolderIsRefused(String name) throws IOException {
        Digest content = blobs.put("x".getBytes(StandardCharsets.UTF_8));
        Digest tree =
                blobs.put(
                        """
                        {"entries":[{"digest":"%s","executable":false,"kind":"file","name":"%s","size":1}],"format":"weir-tree/1"}\
                        """
                                .formatted(content, name)
                                .getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> trees.checkout(tree, folder.resolve("target")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(tree.hex());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "not json",
                "{\"entries\":[],\"format\":\"weir-tree/2\"}",
                "{\"entries\":[], \"format\":\"weir-tree/1\"}",
                "{\"entries\":[{}],\"format\":\"weir-tree/1\"}",
                "{\"entries\":7,\"format\":\"weir-tree/1\"}"
            })
    void whatIsNoManifestIsRefused(String json) {
        Digest tree = blobs.put(json.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> trees.files(tree).toList())
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(tree.hex());
    }

    @Test
    void checkoutIntoAFolderWithFilesIsRefused() throws IOException {
        example();
        Digest tree = trees.putFolder(source, path -> true);
        assertThatThrownBy(() -> trees.checkout(tree, source))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("not empty");
    }

    @Test
    void checkoutOfADamagedTreeNamesTheBlob() throws IOException {
        example();
        Digest tree = trees.putFolder(source, path -> true);
        LocalBlobStoreTest.flip(blobs.path(Digest.ofText("deep")));
        assertThatThrownBy(() -> trees.checkout(tree, folder.resolve("target")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(Digest.ofText("deep").hex());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void randomFoldersComeBackTheSame(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 40; i++) {
            StringBuilder path = new StringBuilder();
            for (int depth = random.nextInt(4); depth >= 0; depth--) {
                path.append("d").append(random.nextInt(3)).append(depth == 0 ? "" : "/");
            }
            if (random.nextInt(5) == 0) {
                Files.createDirectories(source.resolve("e" + path));
            } else {
                file("f" + path + "/" + i, "x".repeat(random.nextInt(3)));
            }
        }
        Digest tree = trees.putFolder(source, path -> true);
        Path target = folder.resolve("target");
        trees.checkout(tree, target);
        assertThat(names(target)).as("seed %d", seed).isEqualTo(names(source));
        assertThat(Trees.digest(target, path -> true)).as("seed %d", seed).isEqualTo(tree);
    }
}

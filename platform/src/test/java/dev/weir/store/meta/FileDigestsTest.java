package dev.weir.store.meta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.digest.Digest;
import dev.weir.store.blob.Trees;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

class FileDigestsTest {
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(10));

    @TempDir Path folder;

    private static Digest digest(FileDigests digests, Path file) throws IOException {
        try (FileDigests.Memo memo = digests.under(file)) {
            return memo.of(file);
        }
    }

    private static List<FileDigestDao.Row> rows(Database database, Path under) {
        return database.read(tx -> new FileDigestDao(tx).under(under.toString()));
    }

    /**
     * Makes what is remembered differ from what is there, so that the answer tells which was taken.
     */
    private static void mark(Database database, String digest) {
        database.writing(
                tx ->
                        tx.handle()
                                .createUpdate("update file_digest set digest = :digest")
                                .bind("digest", digest)
                                .execute());
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void anUnchangedFileIsNotReadAgainAndAChangedOneIs(Dialect dialect) throws IOException {
        Path file = folder.resolve("table.csv");
        Files.writeString(file, "one");
        try (Database database = TestDatabases.fresh(dialect)) {
            FileDigests digests = new FileDigests(database, LATER);
            assertThat(digest(digests, file)).isEqualTo(Digest.ofText("one"));
            String remembered = Digest.ofText("remembered").hex();
            mark(database, remembered);
            assertThat(digest(digests, file).hex()).isEqualTo(remembered);
            FileTime before = Files.getLastModifiedTime(file);
            Files.writeString(file, "two");
            Files.setLastModifiedTime(file, before);
            assertThat(digest(digests, file)).isEqualTo(Digest.ofText("two"));
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aFileThatChangedAMomentAgoIsNotRemembered(Dialect dialect) throws IOException {
        Path file = folder.resolve("table.csv");
        Files.writeString(file, "one");
        try (Database database = TestDatabases.fresh(dialect)) {
            FileDigests digests = new FileDigests(database, Clock.systemUTC());
            assertThat(digest(digests, file)).isEqualTo(Digest.ofText("one"));
            assertThat(rows(database, file)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aFolderIsLoadedInOneGoWithoutItsNeighbours(Dialect dialect) throws IOException {
        for (String path : List.of("data/a", "data/b/c", "database")) {
            Files.createDirectories(folder.resolve(path).getParent());
            Files.writeString(folder.resolve(path), path);
        }
        try (Database database = TestDatabases.fresh(dialect)) {
            FileDigests digests = new FileDigests(database, LATER);
            Digest tree;
            try (FileDigests.Memo memo = digests.under(folder)) {
                tree = Trees.digest(folder, path -> true, memo);
            }
            assertThat(tree).isEqualTo(Trees.digest(folder, path -> true));
            assertThat(rows(database, folder)).hasSize(3);
            assertThat(rows(database, folder.resolve("data"))).hasSize(2);
            try (FileDigests.Memo memo = digests.under(folder)) {
                assertThat(Trees.digest(folder, path -> true, memo)).isEqualTo(tree);
            }
        }
    }
}

package dev.weir.store.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

class DatabaseTest {
    @TempDir Path folder;

    private static void counter(Database database) {
        database.writing(
                tx -> {
                    tx.handle().execute("create table counter (name text primary key, n bigint)");
                    tx.handle().execute("insert into counter values ('a', 0)");
                });
    }

    private static long counted(Transaction tx) {
        return tx.handle()
                .createQuery("select n from counter where name = :name")
                .bind("name", "a")
                .mapTo(Long.class)
                .one();
    }

    private static void count(Transaction tx, long n) {
        tx.handle()
                .createUpdate("update counter set n = :n where name = :name")
                .bind("n", n)
                .bind("name", "a")
                .execute();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void migratesAnEmptyDatabaseAndLeavesAMigratedOneAlone(Dialect dialect) {
        String url = TestDatabases.emptyUrl(dialect);
        for (int i = 0; i < 2; i++) {
            try (Database database = Database.open(url)) {
                List<String> names =
                        database.read(
                                tx ->
                                        tx.handle()
                                                .createQuery("select name from workspace")
                                                .mapTo(String.class)
                                                .list());
                assertThat(names).containsExactly("default");
                assertThat(database.dialect()).isEqualTo(dialect);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void severalMigrateAtOnceAndAllSucceed(Dialect dialect) throws Exception {
        String url = TestDatabases.emptyUrl(dialect);
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> opened = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                opened.add(
                        threads.submit(
                                () -> {
                                    start.await();
                                    Database.open(url).close();
                                    return null;
                                }));
            }
            start.countDown();
            for (Future<?> one : opened) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aDatabaseOfANewerWeirIsRefused(Dialect dialect) {
        String url = TestDatabases.freshUrl(dialect);
        try (Database database = Database.open(url)) {
            database.writing(
                    tx ->
                            tx.handle()
                                    .execute(
                                            "insert into flyway_schema_history (installed_rank,"
                                                    + " version, description, type, script,"
                                                    + " installed_by, execution_time, success)"
                                                    + " values (999, '999', 'later', 'SQL', 'x',"
                                                    + " 'x', 1, true)"));
        }
        assertThatThrownBy(() -> Database.open(url))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(Kind.REFUSED);
                            assertThat(e.problems().getFirst().code()).isEqualTo("database.newer");
                        })
                .hasMessageContaining("999")
                .hasMessageContaining("at most " + Migrations.ofThisBuild().newest());
    }

    @Test
    void theIndexListsTheMigrationsOfTheFolder() throws IOException {
        Path migrations = Path.of("src/main/resources/db/migration");
        try (Stream<Path> files = Files.list(migrations)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".sql"))
                            .toList();
            assertThat(Migrations.ofThisBuild().files())
                    .as("db/migration/index: one line for each migration")
                    .containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @Test
    void migrationsAreListedInTheOrderOfTheirNumbers() {
        List<Integer> numbers =
                Migrations.ofThisBuild().files().stream()
                        .map(file -> Integer.parseInt(file.replaceAll("V(\\d+)__.*", "$1")))
                        .toList();
        assertThat(numbers).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void whatTheWorkThrowsRollsItBack(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            counter(database);
            assertThatThrownBy(
                            () ->
                                    database.writing(
                                            tx -> {
                                                count(tx, 7);
                                                throw new IllegalArgumentException("no");
                                            }))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(database.read(DatabaseTest::counted)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aSwallowedErrorOfAStatementCommitsNothingHalf(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            counter(database);
            try {
                database.writing(
                        tx -> {
                            count(tx, 7);
                            assertThatThrownBy(
                                            () ->
                                                    tx.handle()
                                                            .execute(
                                                                    "insert into no_table values"
                                                                            + " (1)"))
                                    .isNotNull();
                            count(tx, 8);
                        });
                assertThat(database.read(DatabaseTest::counted)).isEqualTo(8);
            } catch (RuntimeException refused) {
                assertThat(database.read(DatabaseTest::counted)).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void concurrentReadThenWriteLosesNoUpdate(Dialect dialect) throws Exception {
        try (Database database = TestDatabases.fresh(dialect);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            counter(database);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(
                        threads.submit(
                                () -> {
                                    for (int j = 0; j < 10; j++) {
                                        database.writing(tx -> count(tx, counted(tx) + 1));
                                    }
                                }));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
            assertThat(database.read(DatabaseTest::counted)).isEqualTo(80);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aReaderKeepsItsSnapshotWhileAWriterCommits(Dialect dialect) throws Exception {
        try (Database database = TestDatabases.fresh(dialect);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            counter(database);
            database.read(
                    tx -> {
                        assertThat(counted(tx)).isZero();
                        try {
                            threads.submit(() -> database.writing(other -> count(other, 5)))
                                    .get(60, TimeUnit.SECONDS);
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                        assertThat(counted(tx)).isZero();
                        return true;
                    });
            assertThat(database.read(DatabaseTest::counted)).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aReaderDoesNotWaitForAWriterInMidTransaction(Dialect dialect) throws Exception {
        try (Database database = TestDatabases.fresh(dialect);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            counter(database);
            database.writing(
                    tx -> {
                        count(tx, 5);
                        try {
                            assertThat(
                                            threads.submit(
                                                            () ->
                                                                    database.read(
                                                                            DatabaseTest::counted))
                                                    .get(60, TimeUnit.SECONDS))
                                    .isZero();
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    });
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aWriteWithinATransactionIsRefusedAndAReadJoinsIt(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            counter(database);
            database.writing(
                    tx -> {
                        count(tx, 3);
                        assertThat(database.read(DatabaseTest::counted)).isEqualTo(3);
                        assertThatThrownBy(() -> database.writing(x -> {}))
                                .isInstanceOf(IllegalStateException.class);
                    });
            database.read(
                    tx -> {
                        assertThatThrownBy(() -> database.writing(x -> {}))
                                .isInstanceOf(IllegalStateException.class);
                        return true;
                    });
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aReadThatChangesSomethingIsADefect(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            counter(database);
            assertThatThrownBy(
                            () ->
                                    database.read(
                                            tx -> {
                                                count(tx, 3);
                                                return true;
                                            }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Database.write");
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aTransactionIsOfNoUseAfterItsEnd(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            Transaction kept = database.read(tx -> tx);
            assertThatThrownBy(kept::handle).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void anUnclosedStreamHoldsNoOldSnapshot(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            counter(database);
            database.read(
                    tx ->
                            tx.handle()
                                    .createQuery("select n from counter")
                                    .mapTo(Long.class)
                                    .iterator()
                                    .hasNext());
            database.writing(tx -> count(tx, 9));
            assertThat(database.read(DatabaseTest::counted)).isEqualTo(9);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void hooksGiveSqlThatTheDatabaseTakes(Dialect dialect) {
        try (Database database = TestDatabases.fresh(dialect)) {
            counter(database);
            String member =
                    database.read(
                            tx ->
                                    tx.handle()
                                            .createQuery(
                                                    "select "
                                                            + tx.dialect().json("j", "a")
                                                            + " from (select '{\"a\":\"x\"}' as j)"
                                                            + " t")
                                            .mapTo(String.class)
                                            .one());
            assertThat(member).isEqualTo("x");
            List<String> claimed =
                    database.write(
                            tx ->
                                    tx.handle()
                                            .createQuery(
                                                    "update counter set n = n + 1 where name in"
                                                            + " (select name from counter order by"
                                                            + " name limit 1"
                                                            + tx.dialect().claim()
                                                            + ") returning name")
                                            .mapTo(String.class)
                                            .list());
            assertThat(claimed).containsExactly("a");
        }
    }

    @Test
    void closeLeavesNoOpenHandle() throws IOException {
        String url = TestDatabases.freshUrl(Dialect.SQLITE);
        Database database = Database.open(url);
        counter(database);
        database.read(DatabaseTest::counted);
        Path file = Path.of(url.substring("jdbc:sqlite:".length()));
        assertThat(openFiles()).anyMatch(open -> open.equals(file.toString()));
        database.close();
        assertThat(openFiles()).noneMatch(open -> open.startsWith(file.toString()));
    }

    private static List<String> openFiles() throws IOException {
        List<String> open = new ArrayList<>();
        try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
            for (Path handle : handles.toList()) {
                if (Files.isSymbolicLink(handle)) {
                    open.add(Files.readSymbolicLink(handle).toString());
                }
            }
        }
        return open;
    }

    @Test
    void aFileThatIsNoDatabaseIsAProblem() throws IOException {
        Path file = folder.resolve("weir.db");
        Files.writeString(file, "a,b\n1,2\n".repeat(500), StandardCharsets.UTF_8);
        assertProblem("jdbc:sqlite:" + file, "database.foreign", Kind.INPUT);
    }

    @Test
    void anotherProgramsDatabaseIsAProblem() throws Exception {
        Path file = folder.resolve("weir.db");
        try (var c = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
                var s = c.createStatement()) {
            s.execute("create table theirs (x int)");
        }
        assertProblem("jdbc:sqlite:" + file, "database.foreign", Kind.INPUT);
    }

    @Test
    void aFolderThatIsNotThereIsAProblem() {
        assertProblem(
                "jdbc:sqlite:" + folder.resolve("none/weir.db"),
                "database.unopenable",
                Kind.REFUSED);
    }

    @Test
    void aServerThatIsNotThereIsAProblemWithoutThePassword() {
        assertThatThrownBy(
                        () ->
                                Database.open(
                                        "jdbc:postgresql://127.0.0.1:1/weir?user=a&password=secret"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("127.0.0.1:1/weir")
                .hasMessageNotContaining("secret");
    }

    private static void assertProblem(String url, String code, Kind kind) {
        assertThatThrownBy(() -> Database.open(url).close())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.problems().getFirst().code()).isEqualTo(code);
                            assertThat(e.kind()).isEqualTo(kind);
                        });
    }
}

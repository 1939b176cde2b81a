package dev.weir.store.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.base.problem.ProblemException;
import dev.weir.store.blob.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** What only an embedded database meets: several processes on one file, kills, and its own disk. */
class SqliteTest {
    @TempDir Path folder;

    private static long counted(Transaction tx, String table) {
        return tx.handle().createQuery("select n from " + table).mapTo(Long.class).one();
    }

    private static void makeTables(Database database) {
        database.writing(
                tx -> {
                    for (String table : List.of("a", "b")) {
                        tx.handle().execute("create table " + table + " (n bigint)");
                        tx.handle().execute("insert into " + table + " values (0)");
                    }
                });
    }

    private static void countBoth(Database database) {
        database.writing(
                tx -> {
                    long n = counted(tx, "a") + 1;
                    tx.handle().execute("update a set n = ?", n);
                    tx.handle().execute("update b set n = ?", n);
                });
    }

    /** Counts in both tables: this often, or until it is killed where that is negative. */
    static final class Counter {
        public static void main(String[] args) {
            try (Database database = Database.open(args[0])) {
                System.out.println("started");
                for (int left = Integer.parseInt(args[1]); left != 0; left--) {
                    countBoth(database);
                }
            }
        }
    }

    @Test
    void severalProcessesLoseNoUpdate() throws Exception {
        String url = TestDatabases.freshUrl(Dialect.SQLITE);
        try (Database database = Database.open(url)) {
            makeTables(database);
            List<Process> children = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                children.add(ChildJvm.start(Counter.class, url, "20"));
            }
            for (Process child : children) {
                assertThat(child.waitFor()).isZero();
            }
            assertThat(database.<Long>read(tx -> counted(tx, "a"))).isEqualTo(60);
        }
    }

    @Test
    void aKilledProcessLeavesTransactionsWholeAndTheDatabaseFree() throws Exception {
        String url = TestDatabases.freshUrl(Dialect.SQLITE);
        SplittableRandom random = new SplittableRandom(5);
        try (Database database = Database.open(url)) {
            makeTables(database);
            for (int i = 0; i < Integer.getInteger("weir.kills", 3); i++) {
                Process child = ChildJvm.start(Counter.class, url, "-1");
                child.inputReader().readLine();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(80)); // the moment of the kill
                child.destroyForcibly().waitFor();
                database.read(
                        tx -> {
                            assertThat(counted(tx, "a")).isEqualTo(counted(tx, "b"));
                            return true;
                        });
                countBoth(database);
            }
        }
    }

    /** Fills its disk, then frees some of it. */
    static final class FullDisk {
        public static void main(String[] args) throws IOException {
            Path ballast = Path.of(args[0], "ballast");
            Files.write(ballast, new byte[200_000]);
            try (Database database = Database.open("jdbc:sqlite:" + args[0] + "/weir.db")) {
                makeTables(database);
                String row = "x".repeat(4_000);
                try {
                    database.writing(tx -> tx.handle().execute("create table big (x text)"));
                    while (true) {
                        database.writing(
                                tx -> tx.handle().execute("insert into big values (?)", row));
                    }
                } catch (ProblemException e) {
                    System.out.println(e.problems());
                }
                Files.delete(ballast);
                countBoth(database);
                System.out.println("counted " + database.<Long>read(tx -> counted(tx, "b")));
            }
        }
    }

    @Test
    void aFullDiskIsToldAndTheDatabaseGoesOnOnceThereIsSpace() throws Exception {
        String said = onSmallDisk("size=2m", FullDisk.class);
        assertThat(said).contains("store.no-space").contains("counted 1");
    }

    /** Opens a database on a disk that was made read-only under it. */
    static final class ReadOnlyDisk {
        public static void main(String[] args) throws Exception {
            String url = "jdbc:sqlite:" + args[0] + "/weir.db";
            Database.open(url).close();
            new ProcessBuilder("mount", "-o", "remount,ro", args[0]).inheritIO().start().waitFor();
            try (Database database = Database.open(url)) {
                makeTables(database);
            } catch (ProblemException e) {
                System.out.println(e.problems());
            }
        }
    }

    @Test
    void aReadOnlyDiskIsTold() throws Exception {
        assertThat(onSmallDisk("size=8m", ReadOnlyDisk.class))
                .containsAnyOf("database.read-only", "database.unopenable");
    }

    private String onSmallDisk(String options, Class<?> main) throws Exception {
        Path mount = Files.createDirectories(folder.resolve("tmpfs"));
        Process probe =
                new ProcessBuilder("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", mount + "")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assumeThat(probe.waitFor())
                .as("skipped: no mount namespace here (root and unshare -m)")
                .isZero();
        Process child =
                new ProcessBuilder(
                                "unshare",
                                "-m",
                                "sh",
                                "-c",
                                "mount -t tmpfs -o $0 tmpfs \"$1\" && shift && exec \"$@\"",
                                options,
                                mount.toString(),
                                ChildJvm.java(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                ChildJvm.classPath(),
                                main.getName(),
                                mount.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        return said;
    }
}

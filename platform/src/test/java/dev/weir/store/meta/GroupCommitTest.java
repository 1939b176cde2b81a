package dev.weir.store.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

@ParameterizedClass
@EnumSource(Dialect.class)
class GroupCommitTest {
    private static final int WRITERS = 16;
    private static final int EACH = 50;

    private final Database database;
    private final GroupCommit writers;

    GroupCommitTest(Dialect dialect) {
        database = TestDatabases.fresh(dialect);
        writers = new GroupCommit(database);
    }

    @BeforeEach
    void table() {
        database.writing(tx -> tx.update("create table written (id bigint primary key)"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void insert(long id) {
        writers.write(tx -> tx.update("insert into written (id) values (?)", id));
    }

    private long count() {
        return database.read(
                tx ->
                        tx.first("select count(*) from written", row -> row.getLong(1))
                                .orElseThrow());
    }

    @Test
    void atMostOneCommitForFourWritesWithSixteenWriters() throws Exception {
        CyclicBarrier start = new CyclicBarrier(WRITERS);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
                long first = (long) w * EACH;
                all.add(
                        threads.submit(
                                () -> {
                                    start.await();
                                    for (int i = 0; i < EACH; i++) {
                                        insert(first + i);
                                    }
                                    return true;
                                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(count()).isEqualTo(WRITERS * EACH);
        assertThat(writers.writes()).isEqualTo(WRITERS * EACH);
        assertThat(writers.commits()).isLessThanOrEqualTo(writers.writes() / 4);
    }

    @Test
    void oneThatFailsLeavesTheOthersOfItsGroupAsTheyAre() throws Exception {
        insert(1);
        CountDownLatch holds = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first =
                    threads.submit(
                            () ->
                                    writers.write(
                                            tx -> {
                                                holds.countDown();
                                                awaits(go);
                                                return true;
                                            }));
            holds.await();
            List<Future<?>> group = new ArrayList<>();
            for (long id : new long[] {1, 2, 3}) { // the first is there already
                group.add(threads.submit(() -> insert(id)));
            }
            while (writers.waiting() < 3) {
                Thread.onSpinWait();
            }
            go.countDown();
            first.get();
            assertThatThrownBy(group.getFirst()::get).hasMessageContaining("written");
            group.get(1).get();
            group.get(2).get();
        }
        assertThat(count()).isEqualTo(3);
        assertThat(writers.commits()).isEqualTo(3);
    }

    private static void awaits(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

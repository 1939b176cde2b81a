package dev.weir.ml.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.digest.Digest;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.TestDatabases;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

@ParameterizedClass
@EnumSource(Dialect.class)
class PurgeTest {
    private static final Instant DELETED = Instant.ofEpochSecond(1_700_000_000);

    private final Database database;
    private final Clock clock = Clock.fixed(DELETED, ZoneOffset.UTC);
    private final Tracking tracking = new Tracking("default", clock);
    private final Experiments experiments = new Experiments("default", clock);
    private final Artifacts artifacts = new Artifacts("default", clock);

    PurgeTest(Dialect dialect) {
        database = TestDatabases.fresh(dialect);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aDeletedNameIsFreeOnceItIsPurgedAndItsIdIsNot() {
        String id = database.write(tx -> experiments.create(tx, "a", "", Map.of("k", "v"))).id();
        ArtifactPath file = new ArtifactPath(id + "/r/artifacts/x");
        database.writing(
                tx -> {
                    tracking.start(tx, NewRun.of("r", id, "r", "anna"));
                    tracking.log(
                            tx,
                            "r",
                            new Batch(
                                    Map.of("p", "1"),
                                    List.of(Metric.of("m", 1, 1)),
                                    Map.of("t", "1")));
                    artifacts.put(tx, file, Digest.ofText("x"), 1);
                    tracking.start(tx, NewRun.of("stays", "0", "stays", "anna"));
                    experiments.delete(tx, id);
                });
        assertThatThrownBy(() -> database.write(tx -> experiments.create(tx, "a", "", Map.of())))
                .hasMessageContaining("weir purge");
        assertThat(purge(DELETED)).isEqualTo(new Purge.Purged(0, 0, 0));
        assertThat(purge(DELETED.plusSeconds(1))).isEqualTo(new Purge.Purged(1, 1, 1));
        assertThat(database.<Optional<RunInfo>>read(tx -> tracking.findRun(tx, "r"))).isEmpty();
        assertThat(database.<Optional<RunInfo>>read(tx -> tracking.findRun(tx, "stays")))
                .isPresent();
        assertThat(database.<Optional<ArtifactFile>>read(tx -> artifacts.find(tx, file))).isEmpty();
        String again = database.write(tx -> experiments.create(tx, "a", "", Map.of())).id();
        assertThat(again).isNotEqualTo(id);
        assertThat(database.<Map<String, String>>read(tx -> experiments.tags(tx, again))).isEmpty();
        assertThat(database.<List<Experiment>>read(tx -> experiments.all(tx)))
                .extracting(Experiment::id)
                .containsExactlyInAnyOrder("0", again);
    }

    private Purge.Purged purge(Instant before) {
        return database.write(tx -> new Purge("default").before(tx, before));
    }
}

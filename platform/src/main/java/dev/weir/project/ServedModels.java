package dev.weir.project;

import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.VersionRef;
import dev.weir.stage.deploy.Behind;
import dev.weir.stage.deploy.OpenedModel;
import dev.weir.stage.deploy.Placed;
import dev.weir.stage.deploy.rollout.RolloutDriver;
import dev.weir.stage.deploy.rollout.Route;
import dev.weir.stage.deploy.rollout.SmokeTest;
import dev.weir.stage.deploy.rollout.evidence.Evidence;
import dev.weir.store.meta.Intake;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a home has its endpoints answer with. */
public final class ServedModels implements Behind {
    private final Home home;
    private final Path scratch;
    private final String server;
    private volatile @Nullable Looked<Long> revision;
    private volatile @Nullable Looked<Boolean> quiet;

    /**
     * @param scratch where models that need a folder have one
     */
    public ServedModels(Home home, Path scratch) {
        this.home = home;
        this.scratch = scratch;
        this.server = home.process().toString();
    }

    @Override
    public long revision() {
        Looked<Long> before = revision;
        Optional<Long> stamp = stamp();
        if (before != null && before.holds(stamp)) {
            return before.what();
        }
        long now = home.database().read(home.endpoints()::revision);
        revision = new Looked<>(now, stamp, System.nanoTime());
        return now;
    }

    /** What changes with the tables, where that is known without a look into them. */
    private Optional<Long> stamp() {
        return home.database().intake().map(Intake::stamp);
    }

    /** What was found in the tables, which is looked for again and again, and seldom changes. */
    private record Looked<T>(T what, Optional<Long> stamp, long nanos) {
        /** Also where something else than Weir changes tables, it is seen within a second. */
        boolean holds(Optional<Long> now) {
            return now.isPresent()
                    && now.equals(stamp)
                    && System.nanoTime() - nanos < 1_000_000_000;
        }
    }

    @Override
    public List<Route> routes() {
        return home.database().read(home.endpoints()::routes);
    }

    @Override
    public OpenedModel open(Placed placed) {
        ModelVersion version =
                home.database()
                        .read(
                                tx ->
                                        home.registry()
                                                .version(
                                                        tx,
                                                        VersionRef.of(
                                                                placed.model(), placed.version())));
        Path folder = scratch.resolve("v" + placed.version() + "-" + home.ids().next());
        return new OpenedModel(version.content(), Models.open(home, version.content(), folder));
    }

    @Override
    public void saw(String rollout, int step, Evidence evidence) {
        home.database().writing(tx -> home.rollouts().saw(tx, rollout, step, server, evidence));
    }

    @Override
    public void tick(SmokeTest smoke) {
        Looked<Boolean> before = quiet;
        Optional<Long> stamp = stamp();
        if (before != null && before.what() && before.holds(stamp)) {
            return;
        }
        boolean none = home.database().read(home.rollouts()::live).isEmpty();
        quiet = new Looked<>(none, stamp, System.nanoTime());
        if (none) {
            return;
        }
        new RolloutDriver(home.database(), home.rollouts(), smoke, server, home.clock()).tick();
    }
}

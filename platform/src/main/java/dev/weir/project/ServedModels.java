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

import java.nio.file.Path;
import java.util.List;

/** What a home has its endpoints answer with. */
public final class ServedModels implements Behind {
    private final Home home;
    private final Path scratch;
    private final String server;

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
        return home.database().read(home.endpoints()::revision);
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
        new RolloutDriver(home.database(), home.rollouts(), smoke, server, home.clock()).tick();
    }
}

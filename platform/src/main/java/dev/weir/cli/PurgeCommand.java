package dev.weir.cli;

import dev.weir.ml.tracking.Purge;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.concurrent.Callable;

/** {@code weir purge}. */
@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        description = {
            "Forgets for good the experiments and runs that were deleted a while ago, with all that"
                    + " they logged. Their names can be used again."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  weir purge", "  weir purge --deleted-for 0d"})
final class PurgeCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Option(
            names = "--deleted-for",
            paramLabel = "DURATION",
            defaultValue = "30d",
            converter = StoreGcCommand.Written.class,
            description = "Only what was deleted at least so long ago (default: 30d).")
    Duration deletedFor = Duration.ZERO;

    PurgeCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            Purge purge = new Purge(home.workspace());
            Purge.Purged purged =
                    home.database()
                            .write(
                                    tx ->
                                            purge.before(
                                                    tx, home.clock().instant().minus(deletedFor)));
            if (common.json) {
                ObjectNode json = JsonNodeFactory.instance.objectNode();
                json.put("experiments", purged.experiments());
                json.put("runs", purged.runs());
                json.put("artifacts", purged.artifacts());
                screen.json(json);
            } else {
                screen.say(
                        "forgot %,d experiments, %,d runs, %,d artifacts"
                                .formatted(
                                        purged.experiments(), purged.runs(), purged.artifacts()));
                screen.say(screen.dim("  the bytes of artifacts go with: weir store gc"));
            }
        }
        return 0;
    }
}

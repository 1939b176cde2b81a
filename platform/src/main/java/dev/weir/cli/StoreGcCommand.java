package dev.weir.cli;

import dev.weir.base.config.Durations;
import dev.weir.project.Home;
import dev.weir.project.Storekeeper;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.concurrent.Callable;

/** {@code weir store gc}. */
@Command(
        name = "gc",
        mixinStandardHelpOptions = true,
        description = {
            "Removes what nothing needs: results that no run has met for a while, and the logs of"
                    + " that time. What a model version or a dataset version needs always stays."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  weir store gc --dry-run", "  weir store gc --keep 7d"})
final class StoreGcCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Option(names = "--dry-run", description = "Only say what would go.")
    boolean dryRun;

    @Option(
            names = "--keep",
            paramLabel = "DURATION",
            defaultValue = "30d",
            converter = Written.class,
            description = "Keep what a run has met within this time (default: 30d).")
    Duration keep = Duration.ZERO;

    StoreGcCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    /** A duration as people write it. */
    static final class Written implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Durations.parse(text)
                    .orElseThrow(
                            () ->
                                    new TypeConversionException(
                                            "'%s' (expected: %s)"
                                                    .formatted(text, Durations.EXPECTED)));
        }
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            Storekeeper.Collection done = new Storekeeper(home).collect(keep, dryRun);
            if (common.json) {
                screen.json(json(done));
            } else {
                show(done);
            }
        }
        return 0;
    }

    private void show(Storekeeper.Collection done) {
        String removed = dryRun ? "would remove " : "removed ";
        screen.say(
                removed
                        + "%,d blobs (%s), %,d known results, %,d logs; %,d blobs stay"
                                .formatted(
                                        done.blobs(),
                                        Screen.size(done.sizeBytes()),
                                        done.results(),
                                        done.logs(),
                                        done.kept()));
        screen.say(screen.dim("  kept: what a run has met since " + Screen.time(done.since())));
    }

    private ObjectNode json(Storekeeper.Collection done) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("dry_run", dryRun);
        json.put("blobs", done.blobs());
        json.put("size_bytes", done.sizeBytes());
        json.put("kept", done.kept());
        json.put("results", done.results());
        json.put("logs", done.logs());
        json.put("since", done.since().toString());
        return json;
    }
}

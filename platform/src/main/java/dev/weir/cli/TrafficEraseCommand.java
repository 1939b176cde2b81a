package dev.weir.cli;

import dev.weir.ml.traffic.Traffic;
import dev.weir.project.EndpointTraffic;
import dev.weir.project.Home;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.concurrent.Callable;

/** {@code weir traffic erase}. */
@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        description = {
            "Erases the predictions about a key, and their outcomes, up to now. The record of it"
                    + " names a pseudonym, not the key.",
            "What a server is writing is seen by nobody from now on, and is gone within the hour."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  weir traffic erase income --key 4711"})
final class TrafficEraseCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Parameters(paramLabel = "ENDPOINT", description = "The endpoint's name.")
    String endpoint = "";

    @Option(
            names = "--key",
            required = true,
            paramLabel = "VALUE",
            description = "Whom it is about, as the requests said it.")
    String key = "";

    TrafficEraseCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        try (Home home = services.home(Common.project(services));
                Scratch scratch = Scratch.make(services);
                EndpointTraffic traffic = new EndpointTraffic(home, scratch.duckDb())) {
            Traffic.Erased erased = traffic.erase(endpoint, key);
            if (common.json) {
                ObjectNode json = JsonNodeFactory.instance.objectNode();
                json.put("endpoint", endpoint);
                json.put("key", erased.pseudonym());
                json.put("predictions", erased.predictions());
                json.put("outcomes", erased.outcomes());
                json.put("open_segments", erased.open());
                screen.json(json);
            } else {
                screen.say(
                        "erased %,d predictions and %,d outcomes; the record names %s"
                                .formatted(
                                        erased.predictions(),
                                        erased.outcomes(),
                                        erased.pseudonym()));
                if (erased.open() > 0) {
                    screen.say(
                            screen.dim(
                                    "  what servers are writing now is hidden already, and gone"
                                            + " within the hour"));
                }
            }
        }
        return 0;
    }
}

package dev.weir.cli;

import dev.weir.base.problem.Kind;
import dev.weir.project.Home;
import dev.weir.project.Storekeeper;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.concurrent.Callable;

/** {@code weir store verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Reads every blob of the store, and names what is corrupt or missing, and who needs"
                    + " it.",
            "Exit code: 0 all is well, 1 something is damaged."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir store verify",
            "  weir store verify --repair    take damaged blobs out, so that the next run makes"
                    + " them again"
        })
final class StoreVerifyCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();

    @Option(
            names = "--repair",
            description =
                    "Take corrupt blobs out of the store (they are kept in .weir/damaged), so that"
                            + " the next run makes them again.")
    boolean repair;

    StoreVerifyCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() {
        try (Home home = services.home(Common.project(services))) {
            Storekeeper keeper = new Storekeeper(home);
            Storekeeper.Inspection found = repair ? keeper.repair() : keeper.verify();
            if (common.json) {
                screen.json(json(found));
            } else {
                show(found);
            }
            boolean well = repair ? !found.lacks() : found.sound();
            return well ? 0 : Kind.REJECTED.exitCode();
        }
    }

    private void show(Storekeeper.Inspection found) {
        for (Storekeeper.Fault fault : found.faults()) {
            screen.say(
                    screen.red(fault.corrupt() ? "corrupt " : "missing ") + fault.digest().hex());
            fault.neededBy().forEach(by -> screen.say("  needed by " + by));
            if (fault.neededBy().isEmpty()) {
                screen.say("  needed by nothing");
            }
            fault.setAside().ifPresent(path -> screen.say("  set aside: " + path));
        }
        String size = "%,d blobs, %s".formatted(found.blobs(), Screen.size(found.sizeBytes()));
        if (found.sound()) {
            screen.say(screen.green("sound: ") + size);
        } else {
            screen.say(screen.red("damaged: ") + "%d of %s".formatted(found.faults().size(), size));
            advise(found);
        }
        if (!found.leftovers().isEmpty()) {
            screen.say(
                    screen.dim(
                            found.leftovers().size()
                                    + " files of interrupted uploads; they go by themselves"));
        }
    }

    private void advise(Storekeeper.Inspection found) {
        boolean corrupt = found.faults().stream().anyMatch(Storekeeper.Fault::corrupt);
        if (corrupt && !repair) {
            screen.say(screen.dim("  next: weir store verify --repair"));
        } else if (found.faults().stream().anyMatch(Storekeeper.Fault::madeAgain)) {
            screen.say(screen.dim("  next: weir run, which makes again what it can"));
        } else if (found.lacks()) {
            screen.say(
                    screen.dim(
                            "  weir run makes again what the project still has; the rest only a"
                                    + " backup holds"));
        }
    }

    private ObjectNode json(Storekeeper.Inspection found) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("sound", found.sound());
        json.put("blobs", found.blobs());
        json.put("size_bytes", found.sizeBytes());
        json.put("repaired", repair);
        ArrayNode faults = json.putArray("faults");
        for (Storekeeper.Fault fault : found.faults()) {
            ObjectNode one = faults.addObject();
            one.put("digest", fault.digest().hex());
            one.put("condition", fault.corrupt() ? "corrupt" : "missing");
            fault.neededBy().forEach(one.putArray("needed_by")::add);
            one.put("made_again", fault.madeAgain());
            fault.setAside().ifPresent(path -> one.put("set_aside", path.toString()));
        }
        found.leftovers().forEach(json.putArray("leftovers")::add);
        return json;
    }
}

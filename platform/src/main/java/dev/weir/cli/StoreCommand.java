package dev.weir.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir store}: shows what there is. */
@Command(
        name = "store",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "The store: is everything there and sound, and what can go.",
        footerHeading = "%nExamples:%n",
        footer = {"  weir store verify", "  weir store gc --dry-run"})
final class StoreCommand implements Runnable {
    private final Screen screen;

    @Spec CommandSpec spec = CommandSpec.create();

    StoreCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void run() {
        spec.commandLine().usage(screen.out());
    }
}

package dev.weir.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir traffic}: shows what there is. */
@Command(
        name = "traffic",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "What endpoints were asked and answered.",
        footerHeading = "%nExamples:%n",
        footer = {"  weir traffic show income", "  weir traffic erase income --key 4711"})
final class TrafficCommand implements Runnable {
    private final Screen screen;

    @Spec CommandSpec spec = CommandSpec.create();

    TrafficCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void run() {
        spec.commandLine().usage(screen.out());
    }
}

package dev.weir.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir outcomes}: shows what there is. */
@Command(
        name = "outcomes",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "What turned out to be true of what an endpoint predicted.",
        footerHeading = "%nExamples:%n",
        footer = {"  weir outcomes add income labels.csv"})
final class OutcomesCommand implements Runnable {
    private final Screen screen;

    @Spec CommandSpec spec = CommandSpec.create();

    OutcomesCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void run() {
        spec.commandLine().usage(screen.out());
    }
}

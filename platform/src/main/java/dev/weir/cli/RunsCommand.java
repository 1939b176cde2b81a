package dev.weir.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir runs}: shows what there is. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Runs: which there were, what became of their steps, what they printed.",
        footerHeading = "%nExamples:%n",
        footer = {"  weir runs list", "  weir runs show", "  weir runs logs last train"})
final class RunsCommand implements Runnable {
    private final Screen screen;

    @Spec CommandSpec spec = CommandSpec.create();

    RunsCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void run() {
        spec.commandLine().usage(screen.out());
    }
}

package dev.weir.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir models}: shows what there is. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Registered models: their versions, stages, recipes and gates.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir models list",
            "  weir models versions income",
            "  weir models show income@production"
        })
final class ModelsCommand implements Runnable {
    private final Screen screen;

    @Spec CommandSpec spec = CommandSpec.create();

    ModelsCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void run() {
        spec.commandLine().usage(screen.out());
    }
}

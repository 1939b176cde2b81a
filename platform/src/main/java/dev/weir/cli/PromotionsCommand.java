package dev.weir.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir promotions}: shows what there is. */
@Command(
        name = "promotions",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Promotions that were asked for: which wait, and who says yes or no.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir promotions list",
            "  weir promotions approve income:3",
            "  weir promotions reject income:3 --reason 'recall fell for the old'"
        })
final class PromotionsCommand implements Runnable {
    private final Screen screen;

    @Spec CommandSpec spec = CommandSpec.create();

    PromotionsCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void run() {
        spec.commandLine().usage(screen.out());
    }
}

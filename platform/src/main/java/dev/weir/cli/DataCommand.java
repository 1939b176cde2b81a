package dev.weir.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir data}: shows what there is. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Tables, without a project: what one is like, and whether it is as expected.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir data suggest orders.csv --out orders.yaml",
            "  weir data check orders.csv --expect orders.yaml",
            "  weir data drift last-year.csv this-year.csv"
        })
final class DataCommand implements Runnable {
    private final Screen screen;

    @Spec CommandSpec spec = CommandSpec.create();

    DataCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void run() {
        spec.commandLine().usage(screen.out());
    }
}

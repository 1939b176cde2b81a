package dev.weir.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir rollout}: shows what there is. */
@Command(
        name = "rollout",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "How a new version takes over an endpoint: where it stands, and a person's say in"
                        + " it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir rollout status income",
            "  weir rollout pause income",
            "  weir rollout abort income --reason 'wrong prices'"
        })
final class RolloutCommand implements Runnable {
    private final Screen screen;

    @Spec CommandSpec spec = CommandSpec.create();

    RolloutCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void run() {
        spec.commandLine().usage(screen.out());
    }
}

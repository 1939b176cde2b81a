package dev.weir.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir completion}. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script by which bash and zsh complete commands and options.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(weir completion)                                 in this shell",
            "  weir completion > ~/.local/share/bash-completion/completions/weir"
        })
final class CompletionCommand implements Runnable {
    private final Screen screen;

    @Spec CommandSpec spec = CommandSpec.create();

    CompletionCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void run() {
        screen.raw(AutoComplete.bash("weir", spec.root().commandLine()) + "\n");
    }
}

package dev.weir.cli;

import picocli.CommandLine;

import java.util.List;

/** All commands, in the order in which a person meets them. */
final class Commands {
    private Commands() {}

    static List<CommandLine> all(Services services, Screen screen) {
        return List.of(
                new CommandLine(new DemoCommand(services, screen)),
                new CommandLine(new InitCommand(services, screen)),
                new CommandLine(new PlanCommand(services, screen)),
                new CommandLine(new RunCommand(services, screen)),
                new CommandLine(new RunsCommand(screen))
                        .addSubcommand(new RunsListCommand(services, screen))
                        .addSubcommand(new RunsShowCommand(services, screen))
                        .addSubcommand(new RunsLogsCommand(services, screen)),
                new CommandLine(new ModelsCommand(screen))
                        .addSubcommand(new ModelsListCommand(services, screen))
                        .addSubcommand(new ModelsVersionsCommand(services, screen))
                        .addSubcommand(new ModelsShowCommand(services, screen)),
                new CommandLine(new PromoteCommand(services, screen)),
                new CommandLine(new RollbackCommand(services, screen)),
                new CommandLine(new ReproduceCommand(services, screen)),
                new CommandLine(new StoreCommand(screen))
                        .addSubcommand(new StoreVerifyCommand(services, screen))
                        .addSubcommand(new StoreGcCommand(services, screen)),
                new CommandLine(new DoctorCommand(services, screen)),
                new CommandLine(new CompletionCommand(screen)));
    }
}

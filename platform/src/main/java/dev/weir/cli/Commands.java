package dev.weir.cli;

import java.util.List;

/** All commands, in the order in which a person meets them. */
final class Commands {
    private Commands() {}

    static List<Object> all(Services services, Screen screen) {
        return List.of(
                new InitCommand(services, screen),
                new PlanCommand(services, screen),
                new RunCommand(services, screen),
                new ReproduceCommand(services, screen));
    }
}

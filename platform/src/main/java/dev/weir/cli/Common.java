package dev.weir.cli;

import dev.weir.project.Project;

import picocli.CommandLine.Option;

/** The options that every command has. */
final class Common {
    @Option(
            names = "--json",
            description = "Print the answer as one JSON document on standard output.")
    boolean json;

    @Option(names = "--debug", description = "Show the stack trace of a defect.")
    boolean debug;

    /** The project around the folder that the person is in. */
    static Project project(Services services) {
        return Project.around(services.folder());
    }
}

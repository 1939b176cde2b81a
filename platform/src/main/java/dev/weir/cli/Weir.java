package dev.weir.cli;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.util.Arrays;
import java.util.List;

/** The program: {@code weir COMMAND}. */
@Command(
        name = "weir",
        description =
                "From a table to a model in production, with a gate between every two stages.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nA first model:%n",
        footer = {
            "  weir init income --data adult.csv --target income",
            "  cd income",
            "  weir run",
            "",
            "`weir COMMAND --help` has examples. `weir demo` shows the whole loop."
        })
public final class Weir implements Runnable {
    private final Screen screen;
    private final CommandLine line;

    private Weir(Services services, Screen screen) {
        this.screen = screen;
        this.line = new CommandLine(this);
        line.getCommandSpec().mixinStandardHelpOptions(true);
        line.getCommandSpec().versionProvider(() -> new String[] {"weir " + services.version()});
        Commands.all(services, screen).forEach(line::addSubcommand);
        line.setExecutionExceptionHandler((e, command, parsed) -> told(e, command));
        line.setParameterExceptionHandler(misuse());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setOut(new java.io.PrintWriter(screen.out(), true));
        if (!screen.interactive()) {
            line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        }
    }

    /** Runs one command line; returns the exit code. */
    public static int run(Services services, Screen screen, String... arguments) {
        return new Weir(services, screen).line.execute(arguments);
    }

    /** Without a command: what there is. */
    @Override
    public void run() {
        line.usage(screen.out());
    }

    private int told(Exception e, CommandLine command) {
        List<String> arguments = command.getParseResult().originalArgs();
        if (e instanceof ProblemException problem) {
            screen.problems(problem.problems());
            if (arguments.contains("--json")) {
                screen.json(Screen.problemsJson(problem.problems()));
            }
            return problem.kind().exitCode();
        }
        Problem defect =
                Problem.defect("defect", "a defect of Weir: " + e)
                        .hint("Run it again with --debug for the trace, and please report it.");
        screen.problems(List.of(defect));
        if (arguments.contains("--debug")) {
            e.printStackTrace();
        }
        if (arguments.contains("--json")) {
            screen.json(Screen.problemsJson(List.of(defect)));
        }
        return Kind.DEFECT.exitCode();
    }

    private IParameterExceptionHandler misuse() {
        return (ParameterException e, String[] arguments) -> {
            CommandLine command = e.getCommandLine();
            String name = command.getCommandSpec().qualifiedName();
            Problem problem =
                    Problem.input("usage", String.valueOf(e.getMessage()))
                            .hint(suggestion(e).orElse(name + " --help shows what there is."));
            screen.problems(List.of(problem));
            if (Arrays.asList(arguments).contains("--json")) {
                screen.json(Screen.problemsJson(List.of(problem)));
            }
            return Kind.INPUT.exitCode();
        };
    }

    private static java.util.Optional<String> suggestion(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions();
            if (!near.isEmpty()) {
                return java.util.Optional.of("Did you mean " + String.join(" or ", near) + "?");
            }
        }
        return java.util.Optional.empty();
    }
}

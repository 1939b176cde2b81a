package dev.weir.cli;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    private Weir(Services services, Screen screen, String... arguments) {
        this.screen = screen;
        this.line = new CommandLine(this);
        line.getCommandSpec().mixinStandardHelpOptions(true);
        new Commands(services, screen).meantBy(arguments).forEach(line::addSubcommand);
        versioned(line, services);
        line.setExecutionExceptionHandler((e, command, parsed) -> told(e, command));
        line.setParameterExceptionHandler(misuse());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setOut(new java.io.PrintWriter(screen.out(), true));
        if (!screen.interactive()) {
            line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        }
    }

    /** Every command knows the version. */
    private static void versioned(CommandLine command, Services services) {
        command.getCommandSpec().versionProvider(() -> new String[] {"weir " + services.version()});
        command.getSubcommands().values().forEach(below -> versioned(below, services));
    }

    /** Runs one command line; returns the exit code. */
    public static int run(Services services, Screen screen, String... arguments) {
        Weir weir = new Weir(services, screen, arguments);
        try {
            return weir.line.execute(arguments);
        } catch (OutOfMemoryError e) {
            Problem full =
                    Problem.step("memory", "not enough memory: " + e.getMessage())
                            .hint("JDK_JAVA_OPTIONS=-Xmx4g gives it more.");
            return weir.tell(Arrays.asList(arguments), List.of(full));
        }
    }

    private int tell(List<String> arguments, List<Problem> problems) {
        screen.problems(problems);
        if (arguments.contains("--json")) {
            screen.json(Screen.problemsJson(problems));
        }
        return problems.getFirst().kind().exitCode();
    }

    /** Without a command: what there is. */
    @Override
    public void run() {
        line.usage(screen.out());
    }

    private int told(Exception e, CommandLine command) {
        List<String> arguments = command.getParseResult().originalArgs();
        if (e instanceof ProblemException problem) {
            tell(arguments, problem.problems());
            return problem.kind().exitCode();
        }
        Problem defect =
                Problem.defect("defect", "a defect of Weir: " + e)
                        .hint("Run it again with --debug for the trace, and please report it.");
        if (arguments.contains("--debug")) {
            e.printStackTrace();
        }
        return tell(arguments, List.of(defect));
    }

    private IParameterExceptionHandler misuse() {
        return (ParameterException e, String[] arguments) -> {
            Problem problem =
                    unknownCommand(e)
                            .orElseGet(() -> Problem.input("usage", words(e)).hint(whatToDo(e)));
            return tell(Arrays.asList(arguments), List.of(problem));
        };
    }

    private static Optional<Problem> unknownCommand(ParameterException e) {
        Set<String> known = e.getCommandLine().getSubcommands().keySet();
        if (!(e instanceof UnmatchedArgumentException unmatched) || known.isEmpty()) {
            return Optional.empty();
        }
        String word = unmatched.getUnmatched().getFirst();
        if (word.startsWith("-")) {
            return Optional.empty();
        }
        String above = e.getCommandLine().getCommandSpec().qualifiedName();
        return Optional.of(
                Problem.input("usage.command", above + ": no command is called " + word)
                        .hint(DidYouMean.hint(word, known)));
    }

    private static String words(ParameterException e) {
        return String.valueOf(e.getMessage());
    }

    private static String whatToDo(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            return "Did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
        }
        return e.getCommandLine().getCommandSpec().qualifiedName() + " --help shows what there is.";
    }
}

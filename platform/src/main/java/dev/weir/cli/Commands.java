package dev.weir.cli;

import picocli.CommandLine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * All commands, in the order in which a person meets them. Only the one that a command line names
 * is made: to make all of them costs more than most commands do.
 */
final class Commands {
    private final Map<String, Supplier<CommandLine>> byName = new LinkedHashMap<>();

    Commands(Services services, Screen screen) {
        byName.put("demo", () -> new CommandLine(new DemoCommand(services, screen)));
        byName.put("init", () -> new CommandLine(new InitCommand(services, screen)));
        byName.put("plan", () -> new CommandLine(new PlanCommand(services, screen)));
        byName.put("run", () -> new CommandLine(new RunCommand(services, screen)));
        byName.put("sweep", () -> new CommandLine(new SweepCommand(services, screen)));
        byName.put(
                "runs",
                () ->
                        new CommandLine(new RunsCommand(screen))
                                .addSubcommand(new RunsListCommand(services, screen))
                                .addSubcommand(new RunsShowCommand(services, screen))
                                .addSubcommand(new RunsBestCommand(services, screen))
                                .addSubcommand(new RunsLogsCommand(services, screen)));
        byName.put(
                "models",
                () ->
                        new CommandLine(new ModelsCommand(screen))
                                .addSubcommand(new ModelsListCommand(services, screen))
                                .addSubcommand(new ModelsVersionsCommand(services, screen))
                                .addSubcommand(new ModelsShowCommand(services, screen))
                                .addSubcommand(new ModelsHistoryCommand(services, screen))
                                .addSubcommand(new ModelsDescribeCommand(services, screen))
                                .addSubcommand(new ModelsTagCommand(services, screen))
                                .addSubcommand(new ModelsDeleteCommand(services, screen))
                                .addSubcommand(new ModelsExportCommand(services, screen)));
        byName.put(
                "gates",
                () ->
                        new CommandLine(new GatesCommand(screen))
                                .addSubcommand(new GatesHistoryCommand(services, screen)));
        byName.put("predict", () -> new CommandLine(new PredictCommand(services, screen)));
        byName.put("lineage", () -> new CommandLine(new LineageCommand(services, screen)));
        byName.put("diff", () -> new CommandLine(new DiffCommand(services, screen)));
        byName.put("promote", () -> new CommandLine(new PromoteCommand(services, screen)));
        byName.put(
                "promotions",
                () ->
                        new CommandLine(new PromotionsCommand(screen))
                                .addSubcommand(new PromotionsListCommand(services, screen))
                                .addSubcommand(new PromotionsShowCommand(services, screen))
                                .addSubcommand(new PromotionsApproveCommand(services, screen))
                                .addSubcommand(new PromotionsRejectCommand(services, screen)));
        byName.put(
                "endpoints",
                () ->
                        new CommandLine(new EndpointsCommand(screen))
                                .addSubcommand(new EndpointsListCommand(services, screen))
                                .addSubcommand(new EndpointsShowCommand(services, screen)));
        byName.put(
                "rollout",
                () ->
                        new CommandLine(new RolloutCommand(screen))
                                .addSubcommand(new RolloutStatusCommand(services, screen))
                                .addSubcommand(new RolloutPauseCommand(services, screen))
                                .addSubcommand(new RolloutResumeCommand(services, screen))
                                .addSubcommand(new RolloutAbortCommand(services, screen))
                                .addSubcommand(new RolloutFinishCommand(services, screen)));
        byName.put("rollback", () -> new CommandLine(new RollbackCommand(services, screen)));
        byName.put("reproduce", () -> new CommandLine(new ReproduceCommand(services, screen)));
        byName.put(
                "store",
                () ->
                        new CommandLine(new StoreCommand(screen))
                                .addSubcommand(new StoreVerifyCommand(services, screen))
                                .addSubcommand(new StoreGcCommand(services, screen)));
        byName.put(
                "data",
                () ->
                        new CommandLine(new DataCommand(screen))
                                .addSubcommand(new DataSuggestCommand(services, screen))
                                .addSubcommand(new DataCheckCommand(services, screen))
                                .addSubcommand(new DataBaselineCommand(services, screen))
                                .addSubcommand(new DataDriftCommand(services, screen)));
        byName.put("evaluate", () -> new CommandLine(new EvaluateCommand(services, screen)));
        byName.put("purge", () -> new CommandLine(new PurgeCommand(services, screen)));
        byName.put("serve", () -> new CommandLine(new ServeCommand(services, screen)));
        byName.put(
                "outcomes",
                () ->
                        new CommandLine(new OutcomesCommand(screen))
                                .addSubcommand(new OutcomesAddCommand(services, screen)));
        byName.put(
                "traffic",
                () ->
                        new CommandLine(new TrafficCommand(screen))
                                .addSubcommand(new TrafficShowCommand(services, screen))
                                .addSubcommand(new TrafficEraseCommand(services, screen)));
        byName.put("doctor", () -> new CommandLine(new DoctorCommand(services, screen)));
        byName.put("completion", () -> new CommandLine(new CompletionCommand(screen)));
    }

    /** The commands that this command line can mean: one, none for the version, or all. */
    List<CommandLine> meantBy(String... arguments) {
        String first = arguments.length == 0 ? "" : arguments[0];
        Supplier<CommandLine> named = byName.get(first);
        if (named != null && !first.equals("completion")) {
            return List.of(named.get());
        }
        return first.equals("--version") || first.equals("-V")
                ? List.of()
                : byName.values().stream().map(Supplier::get).toList();
    }
}

package dev.weir.cli;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.ml.stats.Task;
import dev.weir.project.Init;
import dev.weir.project.InitOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code weir init}. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Begins a project: looks at a table, says what it guesses, and writes a git repository"
                    + " with a pipeline that makes a model of it.",
            "On a table of up to 200,000 rows it trains a trial model, so that the thresholds of"
                    + " the gates mean something."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir init income --data adult.csv --target income",
            "  weir init income --data adult.csv --target income --holdout adult-test.csv --null ?",
            "  weir init wine --data winequality-red.csv --target quality --no-header"
                    + " --names acidity,sugar,quality",
            "  weir init wine --data winequality.csv --target quality --task multiclass",
            "  weir init spam --data sms.tsv --target label --names label,text --no-header"
                    + " --delimiter '\\t' --quote none"
        })
final class InitCommand implements Callable<Integer> {
    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();
    @Mixin SourceOptions source = new SourceOptions();

    @Parameters(
            paramLabel = "FOLDER",
            description = "The project's folder; its name becomes the model's.")
    Path folder = Path.of("");

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = "CSV, Parquet or JSON lines; a glob takes several.")
    String data = "";

    @Option(
            names = "--target",
            required = true,
            paramLabel = "COLUMN",
            description = "What to predict.")
    String target = "";

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description = {
                "binary, multiclass or regression; else two values are binary, numbers regression,"
                        + " and other values multiclass."
            })
    @Nullable String task;

    @Option(
            names = "--holdout",
            paramLabel = "FILE",
            description =
                    "Rows to judge the model on, of the same form; else a fifth of the table.")
    @Nullable String holdout;

    @Option(
            names = "--exclude",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns that the model must not see.")
    List<String> exclude = List.of();

    @Option(names = "--time", paramLabel = "COLUMN", description = "The column that orders rows.")
    @Nullable String time;

    @Option(
            names = "--key",
            split = ",",
            paramLabel = "COLUMN",
            description = "The columns that name a row.")
    List<String> key = List.of();

    @Option(
            names = "--copy",
            description = "Copy the table into the project; else it stays where it is.")
    boolean copy;

    InitCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    private static Task task(String word) {
        return Task.named(word)
                .orElseThrow(
                        () ->
                                Problem.input(
                                                "init.task",
                                                "--task: "
                                                        + word
                                                        + " (expected: binary, multiclass or"
                                                        + " regression)")
                                        .hint(
                                                DidYouMean.hint(
                                                        word,
                                                        Stream.of(Task.values())
                                                                .map(Task::text)
                                                                .toList()))
                                        .exception());
    }

    @Override
    public Integer call() {
        Init init = new Init(services::home, services.runtime());
        Init.Begun begun =
                init.begin(
                        new InitOptions(
                                services.folder(),
                                services.folder().resolve(folder),
                                data,
                                target,
                                Optional.ofNullable(holdout),
                                exclude,
                                Optional.ofNullable(time),
                                key,
                                source.json(),
                                copy,
                                Optional.ofNullable(task).map(InitCommand::task)));
        if (common.json) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("folder", begun.folder().toString());
            json.put("model", begun.model());
            begun.said().forEach(json.putArray("said")::add);
            screen.json(json);
            return 0;
        }
        begun.said().forEach(sentence -> screen.say(screen.dim("  · ") + sentence));
        screen.say("");
        screen.say(screen.bold(begun.model()) + " is ready in " + folder + ". Next:");
        screen.say("  cd " + folder);
        screen.say("  weir plan      # what a run would do");
        screen.say("  weir run");
        return 0;
    }
}

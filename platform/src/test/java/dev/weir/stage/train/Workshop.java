package dev.weir.stage.train;

import dev.weir.ml.stats.Task;
import dev.weir.pipeline.ChildJvm;
import dev.weir.stage.train.parameter.Trainer;
import dev.weir.stage.train.parameter.TrainerParameters;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A folder with generated tables, and jobs on them. */
record Workshop(Path folder) {
    /** A learnable table: two numbers, a flag, a category, a day, a key, targets for both tasks. */
    private static final String ROWS =
            """
            select i::bigint as id,
                   case when i % 11 = 0 then null else (i * 7919 % 1000) / 10.0 end::double as amount,
                   (i * 104729 % 97)::integer as age,
                   i % 3 = 0 as member,
                   case when i % 13 = 0 then null when i % 17 = 0 then '' else ['north', 'süd', 'east'][i % 3 + 1] end as region,
                   date '2024-01-01' + (i % 300)::integer as day,
                   'note ' || i as note,
                   case when (i * 7919 % 1000) / 10.0 + (i * 104729 % 97) + (i % 3) * 20 > 110 then 'yes' else 'no' end as bought,
                   (i * 7919 % 1000) / 10.0 * 3 + (i * 104729 % 97) as spent
            from range(?) t(i)\
            """;

    static final List<Feature> FEATURES =
            List.of(
                    Feature.category("region"),
                    Feature.number("amount"),
                    Feature.number("age"),
                    Feature.number("member"),
                    Feature.number("day"),
                    Feature.category("note"));

    Path table(String name, String sql) throws SQLException {
        Path file = folder.resolve(name);
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute("copy (" + sql + ") to '" + file + "' (format parquet)");
        }
        return file;
    }

    /** The query of that many rows. */
    static String select(int count) {
        return ROWS.replace("?", String.valueOf(count));
    }

    Path rows(int count) throws SQLException {
        return table("rows.parquet", select(count));
    }

    long count(Path parquet, String condition) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement();
                var result =
                        statement.executeQuery(
                                "select count(*) from '" + parquet + "' where " + condition)) {
            result.next();
            return result.getLong(1);
        }
    }

    /** A binary job on {@code bought}, 30 rounds, a fifth held out; its output is folder/out. */
    TrainJob job(Path table) {
        return new TrainJob(
                table,
                FEATURES,
                "bought",
                "yes",
                Task.BINARY,
                Optional.empty(),
                parameters(Task.BINARY, given -> given.put("rounds", 30)),
                new Holdout.Fraction(0.2, List.of()),
                folder.resolve("scratch"),
                folder.resolve("out"),
                1L << 30);
    }

    static TrainerParameters parameters(Task task, UnaryOperator<ObjectNode> given) {
        return parameters(Trainer.XGBOOST, task, given);
    }

    static TrainerParameters parameters(
            Trainer trainer, Task task, UnaryOperator<ObjectNode> given) {
        return TrainerParameters.of(
                trainer, given.apply(JsonNodeFactory.instance.objectNode()), task);
    }

    static TrainJob with(TrainJob job, TrainerParameters parameters) {
        return with(job, parameters, job.output());
    }

    static TrainJob weighted(TrainJob job, String column) {
        return new TrainJob(
                job.table(),
                job.features(),
                job.target(),
                job.positive(),
                job.task(),
                Optional.of(column),
                job.parameters(),
                job.holdout(),
                job.scratch(),
                job.output(),
                job.memoryBytes());
    }

    static TrainJob with(TrainJob job, TrainerParameters parameters, Path output) {
        return new TrainJob(
                job.table(),
                job.features(),
                job.target(),
                job.positive(),
                job.task(),
                job.weight(),
                parameters,
                job.holdout(),
                job.scratch(),
                output,
                job.memoryBytes());
    }

    static TrainJob with(TrainJob job, List<Feature> features) {
        return new TrainJob(
                job.table(),
                features,
                job.target(),
                job.positive(),
                job.task(),
                job.weight(),
                job.parameters(),
                job.holdout(),
                job.scratch(),
                job.output(),
                job.memoryBytes());
    }

    static TrainJob with(TrainJob job, Holdout holdout) {
        return new TrainJob(
                job.table(),
                job.features(),
                job.target(),
                job.positive(),
                job.task(),
                job.weight(),
                job.parameters(),
                holdout,
                job.scratch(),
                job.output(),
                job.memoryBytes());
    }

    static TrainJob with(TrainJob job, String target, @Nullable String positive, Task task) {
        return new TrainJob(
                job.table(),
                job.features(),
                target,
                positive,
                task,
                job.weight(),
                parameters(task, given -> given.put("rounds", 30)),
                job.holdout(),
                job.scratch(),
                job.output(),
                job.memoryBytes());
    }

    /** Runs a job in this process; throws what the trainer found wrong. */
    static void run(TrainJob job) throws IOException {
        int exit = TrainerProcess.run(job, new PrintStream(OutputStream.nullOutputStream()));
        TrainerChild.interpret(exit, job);
    }

    /** Starts a job in a process of its own, with more flags of the JVM, in another time zone. */
    Process start(TrainJob job, List<String> flags, String zone) throws IOException {
        Files.createDirectories(job.scratch());
        Path file = job.scratch().resolve("job.json");
        job.write(file);
        List<String> command =
                new ArrayList<>(
                        TrainerChild.command(
                                file, job.scratch(), job.memoryBytes(), Optional.empty()));
        command.remove("-Duser.timezone=UTC");
        command.addAll(1, flags);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(ChildJvm.environment(job.parameters().threads()));
        builder.environment().put("TZ", zone);
        return builder.redirectErrorStream(true).start();
    }
}

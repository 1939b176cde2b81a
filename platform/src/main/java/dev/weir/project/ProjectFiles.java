package dev.weir.project;

import dev.weir.base.config.YamlText;
import dev.weir.ml.data.profile.TargetAdvice;
import dev.weir.ml.data.source.TableFormat;
import dev.weir.stage.train.parameter.Trainer;
import dev.weir.stage.validate.LatencyKind;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The text of the files of a new project. */
final class ProjectFiles {
    private static final double LATENCY_SLACK = 10;

    private final String model;
    private final InitOptions options;
    private final TargetAdvice advice;
    private final TableFormat format;
    private final Map<String, String> exclude;
    private final Trainer trainer;
    private String data = "";
    private Optional<String> holdout = Optional.empty();

    /**
     * Files of one project.
     *
     * @param exclude columns that the model does not see, with the reason of each
     */
    ProjectFiles(
            String model,
            InitOptions options,
            TargetAdvice advice,
            TableFormat format,
            Map<String, String> exclude,
            Trainer trainer) {
        this.model = model;
        this.options = options;
        this.advice = advice;
        this.format = format;
        this.exclude = exclude;
        this.trainer = trainer;
    }

    void write(Path folder, String dataPath, Optional<String> holdoutPath, String suite)
            throws IOException {
        data = dataPath;
        holdout = holdoutPath;
        file(
                folder,
                "weir.yaml",
                """
                # The project. Its pipelines are in pipelines/, one file for each model.
                project: %s
                workspace: default
                home: .weir            # store and tables; not in git
                """
                        .formatted(model));
        file(folder, ".gitignore", "/.weir/\n/data/\n__pycache__/\n");
        file(folder, "expectations/" + model + ".yaml", suite);
        file(
                folder,
                "configs/training/" + model + ".yaml",
                "# Hyper-parameters. What is not here takes the trainer's default; all are recorded"
                        + " with the model.\n"
                        + hyperParameters());
        file(
                folder,
                "tests/README.md",
                """
                # Tests

                - `unit/`: of the functions in `src/`, in the language they are written in.
                - `integration/`: of steps, on small tables.
                - `model/`: rows whose prediction must not change, as CSV.
                """);
        pipeline(folder, List.of(guessedGates()), "");
    }

    private String hyperParameters() {
        return switch (trainer) {
            case XGBOOST ->
                    """
                    rounds: 200
                    eta: 0.1
                    max_depth: 6
                    seed: 7
                    nthread: 2             # part of the recipe: another number may give other bits
                    """;
            case FOREST ->
                    """
                    trees: 200
                    max_depth: 12
                    seed: 7
                    nthread: 2             # part of the recipe: another number may give other bits
                    """;
            case LINEAR ->
                    """
                    l2: 0.1                # how hard weights are held near 0; less fits the rows closer
                    ngrams: 2              # words, and pairs of neighbours
                    min_rows_of_word: 2
                    max_words: 20000
                    nthread: 2             # any number gives the same bits
                    """;
        };
    }

    private static void file(Path folder, String name, String text) throws IOException {
        Path path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private String guessedGates() {
        return switch (advice.task()) {
            case BINARY -> "roc_auc: {min: 0.5, not_worse_than: production, tolerance: 0.005}";
            case MULTICLASS -> "accuracy: {min: 0, not_worse_than: production, tolerance: 0.01}";
            case REGRESSION -> "r2: {min: 0, not_worse_than: production, tolerance: 0.01}";
        };
    }

    /** Writes thresholds with some air below what a trial model reached. */
    void tighten(Path folder, RunSummary trial, List<String> said) throws IOException {
        JsonNode metrics = trial.report().result(Names.SCORE).evidence().path("metrics");
        JsonNode latency = trial.report().result(LatencyKind.STEP).evidence();
        List<String> gates =
                switch (advice.task()) {
                    case BINARY ->
                            List.of(
                                    floor("roc_auc", metrics, 0.02, 0.5, 0.005, said),
                                    ceiling("log_loss", metrics));
                    case MULTICLASS ->
                            List.of(
                                    floor("accuracy", metrics, 0.03, 0, 0.01, said),
                                    ceiling("log_loss", metrics));
                    case REGRESSION -> List.of(floor("r2", metrics, 0.05, 0, 0.01, said));
                };
        pipeline(
                folder,
                gates,
                "  latency: {p50: %s, p95: %s, p99: %s, severity: warn}   # ten times what was measured here\n"
                        .formatted(
                                bound(latency, "p50"),
                                bound(latency, "p95"),
                                bound(latency, "p99")));
    }

    private static String floor(
            String metric,
            JsonNode metrics,
            double air,
            double least,
            double tolerance,
            List<String> said) {
        double measured = metrics.path(metric).doubleValue(least);
        double min = Math.max(least, Math.floor((measured - air) * 100) / 100);
        said.add(
                "a first model reaches %s %.4f on held-out rows; the gate asks for %s"
                        .formatted(metric, measured, plain(min)));
        return "%s: {min: %s, not_worse_than: production, tolerance: %s}"
                .formatted(metric, plain(min), plain(tolerance));
    }

    private static String ceiling(String metric, JsonNode metrics) {
        double max = Math.ceil(metrics.path(metric).doubleValue(1) * 1.2 * 100) / 100;
        return "%s: {max: %s}".formatted(metric, plain(max));
    }

    private static String bound(JsonNode latency, String percentile) {
        BigDecimal millis =
                BigDecimal.valueOf(latency.path(percentile).doubleValue() * LATENCY_SLACK)
                        .round(new MathContext(1, RoundingMode.UP));
        return millis.stripTrailingZeros().toPlainString() + "ms";
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    private void pipeline(Path folder, List<String> gates, String latency) throws IOException {
        StringBuilder yaml = new StringBuilder();
        yaml.append(
                "# One file for one model: from its table to its gates. `weir plan` says what a run"
                        + " would do.\n");
        yaml.append("model: ").append(model).append('\n');
        yaml.append("purpose: Predict ").append(options.target()).append(".\n");
        yaml.append("risk: minimal\n\n");
        yaml.append("target: {column: ").append(YamlText.scalar(options.target()));
        if (advice.positive() != null) {
            yaml.append(", positive: ").append(YamlText.scalar(advice.positive()));
        }
        yaml.append(", task: ")
                .append(advice.task().name().toLowerCase(java.util.Locale.ROOT))
                .append("}\n");
        if (!options.key().isEmpty()) {
            yaml.append("key: ").append(YamlText.list(options.key())).append('\n');
        }
        options.time()
                .or(advice::time)
                .ifPresent(
                        time ->
                                yaml.append("time: ")
                                        .append(YamlText.scalar(time))
                                        .append(
                                                "   # orders rows: train.holdout may be {after:"
                                                        + " …}\n"));
        yaml.append("\ningest:\n  source: ").append(flow(format.json(data))).append('\n');
        yaml.append("  expect: expectations/").append(model).append(".yaml\n\n");
        features(yaml);
        yaml.append("train:\n  trainer: ").append(trainer.text()).append('\n');
        yaml.append("  config: configs/training/").append(model).append(".yaml\n");
        yaml.append("  holdout: ")
                .append(
                        holdout.map(file -> "{file: " + YamlText.scalar(file) + "}")
                                .orElse("{fraction: 0.2}"))
                .append("\n\nvalidate:\n  metrics:\n");
        gates.forEach(gate -> yaml.append("    ").append(gate).append('\n'));
        yaml.append(
                latency.isEmpty()
                        ? "  latency: {p50: 5ms, p95: 10ms, p99: 20ms, severity: warn}\n"
                        : latency);
        yaml.append(
                """

                deploy:
                  endpoint: %s
                  first: automatic       # the first version needs no approval; later ones come by the rollout
                  rollout:
                    - shadow: {for: 10m, min_requests: 1000, max_disagreement: 0.05}
                    - canary: {steps: [1, 5, 25, 50, 100], every: 5m, min_requests: 200}
                  abort_when: {error_rate: 0.01, prediction_psi: 0.25}
                """
                        .formatted(model));
        file(folder, "pipelines/" + model + ".yaml", yaml.toString());
    }

    private void features(StringBuilder yaml) {
        List<String> texts =
                advice.texts().stream().filter(name -> !exclude.containsKey(name)).toList();
        if (exclude.isEmpty() && texts.isEmpty()) {
            return;
        }
        yaml.append("features:\n");
        if (!texts.isEmpty()) {
            yaml.append("  text: ").append(YamlText.list(texts)).append("   # read word by word\n");
        }
        if (!exclude.isEmpty()) {
            yaml.append("  exclude:\n");
        }
        exclude.forEach(
                (column, reason) ->
                        yaml.append("    - ")
                                .append(YamlText.scalar(column))
                                .append("   # ")
                                .append(reason.replace('\n', ' '))
                                .append('\n'));
        yaml.append('\n');
    }

    /** A mapping on one line. */
    private static String flow(JsonNode mapping) {
        StringBuilder text = new StringBuilder("{");
        mapping.properties()
                .forEach(
                        e -> {
                            text.append(text.length() > 1 ? ", " : "")
                                    .append(e.getKey())
                                    .append(": ");
                            text.append(
                                    e.getValue().isString()
                                            ? YamlText.scalar(e.getValue().stringValue())
                                            : e.getValue().toString());
                        });
        return text.append('}').toString();
    }
}

package dev.weir.project;

import dev.weir.app.Wiring;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.Promotion;
import dev.weir.ml.registry.PromotionRequest;
import dev.weir.ml.registry.Stage;
import dev.weir.ml.registry.VersionRef;
import dev.weir.pipeline.Outcome;
import dev.weir.pipeline.Progress;
import dev.weir.pipeline.StepReport;

import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/** A project on a small table of its own making, begun as a person begins one. */
final class TestProject implements AutoCloseable {
    private static final int ROWS = 600;

    final Path folder;
    final Wiring services;
    final Project project;
    final Home home;

    TestProject(Path above) throws IOException {
        Path table = Files.writeString(above.resolve("orders.csv"), orders(ROWS, 1));
        folder = above.resolve("orders");
        services = new Wiring(above);
        new Init(services::home, services.runtime(), 0).begin(options(folder, table));
        project = Project.around(folder);
        home = services.home(project);
    }

    static InitOptions options(Path folder, Path table) {
        return new InitOptions(
                folder.resolveSibling(""),
                folder,
                table.toString(),
                "returned",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                JsonNodeFactory.instance.objectNode(),
                false);
    }

    /** Orders of which some are returned: late and dear ones more often. */
    static String orders(int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder csv = new StringBuilder("price,days,colour,returned\n");
        for (int i = 0; i < rows; i++) {
            double price = Math.round(random.nextDouble(5, 200) * 100) / 100.0;
            int days = random.nextInt(1, 15);
            String colour = List.of("red", "green", "blue", "").get(random.nextInt(4));
            double lean = price / 80 + days / 6.0 + (colour.equals("red") ? 1 : 0) - 3.2;
            boolean returned = random.nextDouble() < 1 / (1 + Math.exp(-2.5 * lean));
            csv.append(price).append(',').append(days).append(',').append(colour).append(',');
            csv.append(returned ? "yes" : "no").append('\n');
        }
        return csv.toString();
    }

    Runs runs() {
        return new Runs(home, services.runtime());
    }

    RunSummary run() {
        return runs().run(project, null, RunOptions.MANUAL, Progress.SILENT);
    }

    void edit(String file, String from, String to) throws IOException {
        Path path = folder.resolve(file);
        String text = Files.readString(path);
        if (!text.contains(from)) {
            throw new AssertionError(file + " has no " + from + ":\n" + text);
        }
        Files.writeString(path, text.replace(from, to));
    }

    Promotion promote(ModelVersion version) {
        return Objects.requireNonNull(
                home.database()
                        .write(
                                tx ->
                                        home.promotions()
                                                .promote(
                                                        tx,
                                                        home.actor(),
                                                        PromotionRequest.to(
                                                                version.ref(), Stage.PRODUCTION)))
                        .done());
    }

    ModelVersion version(String ref) {
        return home.database().read(tx -> home.registry().version(tx, VersionRef.parse(ref)));
    }

    static List<String> executed(RunSummary summary) {
        return summary.report().steps().stream()
                .filter(s -> s.outcome() == Outcome.EXECUTED)
                .map(StepReport::step)
                .toList();
    }

    @Override
    public void close() {
        home.close();
    }
}

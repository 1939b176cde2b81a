package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ml.data.RealTables;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;

/**
 * Versions by all trainers, of all tasks, over real tables: each is made again byte for byte, after
 * its project was changed and moved, in another time zone and language. Few of them by default, a
 * hundred with {@code -Pfull}.
 */
class RegisteredVersionsTest {
    private static final boolean FULL = Boolean.getBoolean("weir.test.full");
    private static final String WINE =
            "fixed_acidity,volatile_acidity,citric_acid,residual_sugar,chlorides,"
                + "free_sulfur_dioxide,total_sulfur_dioxide,density,ph,sulphates,alcohol,quality";

    /** Languages whose digits, capitals or decimal marks are not those of programs. */
    private static final List<String> LANGUAGES =
            List.of("tr-TR", "de-DE", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva");

    private static final List<String> ZONES =
            List.of("Asia/Kolkata", "Pacific/Apia", "America/St_Johns", "UTC");

    private record Table(String name, String file, String target, List<String> options) {}

    private static final List<Table> TABLES =
            List.of(
                    new Table(
                            "german",
                            "german-credit/german.csv",
                            "credit",
                            List.of("--task", "binary")),
                    wine("white", "regression"),
                    wine("red", "multiclass"),
                    new Table("bike", "bike-sharing/hour-2011.csv", "cnt", List.of()),
                    new Table(
                            "spam",
                            "sms-spam/sms.tsv",
                            "label",
                            List.of(
                                    "--no-header",
                                    "--names",
                                    "label,text",
                                    "--delimiter",
                                    "\\t",
                                    "--quote",
                                    "none")),
                    new Table("adult", "adult/adult.csv", "income", List.of()));

    private static Table wine(String colour, String task) {
        return new Table(
                colour,
                "wine-quality/winequality-" + colour + ".csv",
                "quality",
                List.of("--no-header", "--names", WINE, "--task", task));
    }

    private static final List<String> TRAINERS = List.of("xgboost", "forest", "linear");

    @TempDir Path temp;

    @Test
    void everyRegisteredVersionIsMadeAgainByteForByte() throws IOException {
        int versions = 0;
        int projects = 0;
        for (Table table : FULL ? TABLES : TABLES.subList(0, 1)) {
            for (String trainer : TRAINERS) {
                if (!table.name().equals("spam") || trainer.equals("linear")) {
                    versions += proven(table, trainer, projects++);
                }
            }
        }
        System.out.println(versions + " versions of " + projects + " projects, all R0");
        assertThat(versions).isGreaterThanOrEqualTo(FULL ? 100 : 3);
    }

    private int proven(Table table, String trainer, int number) throws IOException {
        String name = table.name() + "_" + trainer;
        List<String> begin =
                new ArrayList<>(
                        List.of(
                                "init",
                                name,
                                "--data",
                                RealTables.file(table.file()).toString(),
                                "--target",
                                table.target()));
        begin.addAll(table.options());
        new Terminal(temp).weir(begin.toArray(String[]::new)).exits(0);
        Terminal project = new Terminal(temp).in(name);
        Path pipeline = project.folder().resolve("pipelines/" + name + ".yaml");
        Files.writeString(
                pipeline,
                Files.readString(pipeline)
                        .replaceFirst("trainer: \\w+", "trainer: " + trainer)
                        .replaceFirst("(?s)\nvalidate:.*", "\n"));
        Path config = project.folder().resolve("configs/training/" + name + ".yaml");
        List<String> configurations = configurations(trainer);
        for (String configuration : configurations) {
            Files.writeString(config, configuration);
            project.weir("run").exits(0);
        }
        if (trainer.equals("linear")) {
            threadsDoNotMatter(project, name);
        }
        JsonNode proofs = elsewhere(changedAndMoved(project, pipeline, config), number);
        assertThat(proofs.path("versions")).as(name).hasSize(configurations.size());
        assertThat(proofs.path("versions"))
                .as(name + ": %s", proofs)
                .allSatisfy(
                        proof -> {
                            assertThat(proof.path("level").asString("")).isEqualTo("R0");
                            assertThat(proof.path("differs")).isEmpty();
                        });
        return configurations.size();
    }

    private static List<String> configurations(String trainer) {
        List<String> all = new ArrayList<>();
        String size =
                switch (trainer) {
                    case "xgboost" -> "rounds: %d\nsubsample: 0.8\nmax_depth: %d\n";
                    case "forest" -> "trees: %d\nmax_depth: %d\n";
                    default -> "max_iterations: %d\nl2: %d\n";
                };
        for (int i = 0; i < (FULL ? 7 : 1); i++) {
            all.add(size.formatted(10 + 5 * i, 3 + i) + "seed: " + (7 + i) + "\nnthread: 2\n");
        }
        if (trainer.equals("linear")) {
            all.add(all.getFirst().replace("nthread: 2", "nthread: 1"));
        }
        return all;
    }

    /** The first version and the last are of the same training with another number of threads. */
    private static void threadsDoNotMatter(Terminal project, String name) {
        JsonNode versions =
                project.weir("models", "versions", name, "--json").exits(0).json().path("versions");
        List<String> digests = new ArrayList<>();
        versions.forEach(version -> digests.add(version.path("digest").asString("")));
        assertThat(digests.getFirst()).as("%s", versions).isNotEmpty().isEqualTo(digests.getLast());
    }

    /** What happens to projects: files change, and the folder goes elsewhere. */
    private Terminal changedAndMoved(Terminal project, Path pipeline, Path config)
            throws IOException {
        Files.writeString(pipeline, Files.readString(pipeline) + "# changed\n");
        Files.writeString(config, "seed: 99\n");
        Files.writeString(project.folder().resolve("notes.md"), "moved\n");
        Path there =
                Files.createDirectories(temp.resolve("else where"))
                        .resolve(String.valueOf(project.folder().getFileName()));
        Files.move(project.folder(), there);
        return new Terminal(there);
    }

    private static JsonNode elsewhere(Terminal project, int number) {
        Locale language = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        Locale.setDefault(Locale.forLanguageTag(LANGUAGES.get(number % LANGUAGES.size())));
        TimeZone.setDefault(TimeZone.getTimeZone(ZONES.get(number % ZONES.size())));
        try {
            return project.weir("reproduce", "--all", "--json").exits(0).json();
        } finally {
            Locale.setDefault(language);
            TimeZone.setDefault(zone);
        }
    }
}

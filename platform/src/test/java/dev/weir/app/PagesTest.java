package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.base.config.ConfigSchema;
import dev.weir.base.config.YamlReader;
import dev.weir.cli.Screen;
import dev.weir.cli.Weir;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Task;
import dev.weir.stage.train.parameter.Trainer;
import dev.weir.stage.train.parameter.TrainerParameters;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds the pages of docs/ to what they speak of: the schemas, the commands, the files. */
class PagesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The first line of a YAML block says which file it is. */
    private static final Map<Pattern, ConfigSchema> FILES =
            Map.of(
                    Pattern.compile(
                            "# pipelines/.*|# yaml-language-server: .*/pipeline\\.schema\\.json"),
                    ConfigSchema.PIPELINE,
                    Pattern.compile(
                            "# expectations/.*|# yaml-language-server:"
                                    + " .*/expectations\\.schema\\.json"),
                    ConfigSchema.EXPECTATIONS,
                    Pattern.compile("# configs/training/.*"),
                    ConfigSchema.TRAINING,
                    Pattern.compile(
                            "# weir\\.yaml.*|# yaml-language-server: .*/weir\\.schema\\.json"),
                    ConfigSchema.PROJECT);

    private static final Pattern LINK = Pattern.compile("]\\((?!https?://|#)([^)#]+)(#[^)]*)?\\)");

    /** A name of two words or more: {@code StepKey}. One word may be anything. */
    private static final Pattern CLASS =
            Pattern.compile("`(?:[a-z]+\\.)*([A-Z][a-z]+(?:[A-Z][a-z]+)+)`");

    private static final Pattern COMMAND = Pattern.compile("^  ([a-z][a-z-]*)(, [a-z-]+)?  +\\S.*");

    private final Path repository = MarkdownPage.repository();

    @TempDir Path temp;

    @Test
    void everyYamlBlockFitsItsSchema() throws IOException {
        for (Path page : pages()) {
            for (MarkdownPage.Block block : MarkdownPage.blocks(page)) {
                if (block.language().equals("yaml") && block.file().isEmpty()) {
                    String where = page.getFileName() + ":" + block.line();
                    String first = block.text().lines().findFirst().orElse("");
                    ConfigSchema schema =
                            FILES.entrySet().stream()
                                    .filter(e -> e.getKey().matcher(first).matches())
                                    .map(Map.Entry::getValue)
                                    .findFirst()
                                    .orElseThrow(
                                            () ->
                                                    new AssertionError(
                                                            where
                                                                    + ": say in the block's first"
                                                                    + " line which file it is: #"
                                                                    + " weir.yaml"));
                    Path file = Files.writeString(temp.resolve("block.yaml"), block.text());
                    assertThat(new YamlReader().read(file, schema)).as(where).isNotNull();
                }
            }
        }
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                assertThat(page.resolveSibling(link.group(1)))
                        .as("%s: %s", page.getFileName(), link.group())
                        .exists();
            }
        }
    }

    @Test
    void everyClassThatThePagesNameIsThere() throws IOException {
        Set<String> classes = new HashSet<>();
        for (String sources : List.of("platform/src", "bench/src")) {
            try (Stream<Path> files = Files.walk(repository.resolve(sources))) {
                files.map(f -> f.getFileName().toString())
                        .filter(f -> f.endsWith(".java"))
                        .map(f -> f.substring(0, f.length() - ".java".length()))
                        .forEach(classes::add);
            }
        }
        for (Path page : pages()) {
            Matcher named = CLASS.matcher(Files.readString(page));
            while (named.find()) {
                assertThat(classes)
                        .as("%s: %s", page.getFileName(), named.group())
                        .contains(named.group(1));
            }
        }
    }

    @Test
    void everyKeyOfASchemaSaysWhatItIs() {
        for (ConfigSchema schema : ConfigSchema.values()) {
            assertThat(SchemaTable.rows(json(schema)))
                    .allSatisfy(row -> assertThat(row.meaning()).as(row.key()).isNotEmpty());
        }
    }

    @Test
    void theReferenceOfFilesIsWhatTheSchemasSay() throws IOException {
        Map<String, String> parts = new LinkedHashMap<>();
        for (ConfigSchema schema : ConfigSchema.values()) {
            parts.put(
                    schema.name().toLowerCase(Locale.ROOT),
                    SchemaTable.markdown(SchemaTable.rows(json(schema))));
        }
        for (Trainer trainer : Trainer.values()) {
            parts.put("hyper-parameters of " + trainer.text(), hyperParameters(trainer));
        }
        parts.put("metrics", metrics());
        requireWritten(repository.resolve("docs/pipeline.md"), parts);
    }

    @Test
    void thePageOfCommandsIsWhatTheySay() throws IOException {
        StringBuilder text = new StringBuilder();
        commands(List.of(), text);
        requireWritten(repository.resolve("docs/cli.md"), Map.of("commands", text.toString()));
    }

    private void commands(List<String> above, StringBuilder text) {
        List<String> words = new ArrayList<>(above);
        words.add("--help");
        String help = weir(words);
        if (!above.isEmpty()) {
            text.append("\n## weir ").append(String.join(" ", above)).append("\n\n");
        }
        text.append("```text\n").append(help.strip()).append("\n```\n");
        boolean list = false;
        for (String line : help.lines().toList()) {
            list = line.equals("Commands:") || list && !line.isBlank();
            Matcher command = COMMAND.matcher(line);
            if (list && command.matches()) {
                List<String> below = new ArrayList<>(above);
                below.add(command.group(1));
                commands(below, text);
            }
        }
    }

    private String weir(List<String> words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, UTF_8);
        Weir.run(new Wiring(temp), new Screen(out, out, false, temp), words.toArray(String[]::new));
        return bytes.toString(UTF_8);
    }

    private static String hyperParameters(Trainer trainer) {
        JsonNode values =
                TrainerParameters.of(
                                trainer, JsonNodeFactory.instance.objectNode(), Task.REGRESSION)
                        .values();
        return values.properties().stream()
                .map(e -> "| `%s` | `%s` |\n".formatted(e.getKey(), text(e.getValue())))
                .collect(Collectors.joining("", "| parameter | default |\n|---|---|\n", ""));
    }

    private static String text(JsonNode value) {
        return value.isObject() ? value.toString() : value.asString();
    }

    private static String metrics() {
        return Arrays.stream(Metric.values())
                .map(
                        m ->
                                "| `%s` | %s | %s |\n"
                                        .formatted(
                                                m.text(),
                                                of(m),
                                                m.better().name().toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining("", "| metric | of | better |\n|---|---|---|\n", ""));
    }

    private static String of(Metric metric) {
        Map<Task, String> words = new EnumMap<>(Task.class);
        words.put(Task.BINARY, "two values");
        words.put(Task.MULTICLASS, "many values");
        words.put(Task.REGRESSION, "numbers");
        return words.entrySet().stream()
                .filter(e -> metric.measures(e.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(", "));
    }

    private static JsonNode json(ConfigSchema schema) {
        try (InputStream in =
                Objects.requireNonNull(ConfigSchema.class.getResourceAsStream(schema.resource()))) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(repository.resolve("docs"));
                Stream<Path> root = Files.list(repository)) {
            return Stream.concat(docs, root)
                    .filter(p -> p.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** Parts of a page that are written from the code, each between two marks. */
    private static void requireWritten(Path page, Map<String, String> parts) throws IOException {
        String whole = Files.readString(page);
        List<String> stale = new ArrayList<>();
        for (Map.Entry<String, String> part : parts.entrySet()) {
            String begin = "<!-- begin " + part.getKey() + ": written by PagesTest -->\n";
            int from = whole.indexOf(begin) + begin.length();
            int to = whole.indexOf("<!-- end " + part.getKey() + " -->");
            assertThat(from >= begin.length() && to >= from)
                    .as("%s has a begin and an end of %s", page, part.getKey())
                    .isTrue();
            if (!words(whole.substring(from, to)).equals(words(part.getValue()))) {
                stale.add(part.getKey());
                whole = whole.substring(0, from) + part.getValue() + whole.substring(to);
            }
        }
        if (!stale.isEmpty()) {
            Files.writeString(page, whole);
        }
        assertThat(stale)
                .as("%s was out of date and is written anew: look at it and commit it", page)
                .isEmpty();
    }

    /** Where lines break depends on the terminal. */
    private static String words(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}

package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.Terminal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs what the pages of docs/checks and docs/gates show. A block after "write to" or "append to"
 * goes into that file, a {@code console} block is a command and all that it says; a page that shows
 * something else is written anew, and the test fails once. The pages of gates start in the project
 * that {@code weir init} makes of {@link Terminal#shop}, without its {@code validate:}.
 */
class DocsChecksTest {
    /** The moment at which the pages of checks were written. */
    private static final Clock THEN =
            Clock.fixed(Instant.parse("2024-06-01T12:00:00Z"), ZoneOffset.UTC);

    private static final Pattern CONSOLE =
            Pattern.compile("^```console\\n.*?^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private static final Pattern COMMAND = Pattern.compile("\\$ weir (.*?)(?: +# exit code \\d+)?");

    private static final int SHOP = 1_500;
    private static final int DRIFT = 1_000;

    private static @TempDir Path shared;

    @TempDir Path temp;

    static List<Path> checks() throws IOException {
        return pages("checks");
    }

    static List<Path> gates() throws IOException {
        return pages("gates");
    }

    private static List<Path> pages(String folder) throws IOException {
        try (Stream<Path> pages = Files.list(MarkdownPage.repository().resolve("docs/" + folder))) {
            return pages.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("checks")
    void aPageOfAKindOfCheckShowsWhatTheCommandSays(Path page) throws IOException {
        movedTables();
        requireTrue(page, new Terminal(temp, THEN), UnaryOperator.identity());
    }

    @ParameterizedTest
    @MethodSource("gates")
    void aPageOfAGateShowsWhatARunSays(Path page) throws IOException {
        Terminal project = project().copied(temp.resolve("shop"));
        Files.copy(shared.resolve("shop.csv"), temp.resolve("shop.csv"));
        requireTrue(page, project, MarkdownPage::loosely);
    }

    /** The tables of the page on drift. */
    private void movedTables() throws IOException {
        List<String> rows = Terminal.shop(2 * DRIFT).lines().toList();
        Files.write(temp.resolve("last.csv"), rows.subList(0, DRIFT + 1));
        List<String> now = new ArrayList<>(rows.subList(DRIFT, rows.size()));
        now.replaceAll(row -> row.replace("Rome", "Lima").replaceFirst(",2\\d,(\\w+)$", ",,$1"));
        now.set(0, rows.getFirst());
        Files.write(temp.resolve("now.csv"), now);
        Files.write(temp.resolve("few.csv"), now.subList(0, 50));
    }

    /** One project for all pages of gates, trained once. */
    private static synchronized Terminal project() throws IOException {
        Terminal project = new Terminal(shared).in("shop");
        if (!Files.exists(project.folder())) {
            Files.writeString(shared.resolve("shop.csv"), Terminal.shop(SHOP));
            new Terminal(shared)
                    .weir("init", "shop", "--data", "shop.csv", "--target", "bought")
                    .exits(0);
            Path pipeline = project.folder().resolve("pipelines/shop.yaml");
            Files.writeString(
                    pipeline, Files.readString(pipeline).replaceFirst("(?s)\nvalidate:.*", "\n"));
            project.weir("run", "train").exits(0);
        }
        return project;
    }

    /**
     * Does what a page says.
     *
     * @param sense what of a line has to be the same
     */
    static void requireTrue(Path page, Terminal terminal, UnaryOperator<String> sense)
            throws IOException {
        StringBuilder told = new StringBuilder();
        boolean stale = false;
        for (MarkdownPage.Block block : MarkdownPage.blocks(page)) {
            if (!block.file().isEmpty()) {
                write(terminal.folder().resolve(block.file()), block);
            } else if (block.language().equals("console")) {
                String answers = answers(block, terminal);
                boolean same = sense.apply(answers).equals(sense.apply(block.text()));
                stale |= !same;
                told.append("```console\n").append(same ? block.text() : answers).append("```\0");
            }
        }
        if (stale) {
            String[] blocks = told.toString().split("\0", -1);
            int[] at = {0};
            String text = Files.readString(page);
            Files.writeString(
                    page,
                    CONSOLE.matcher(text)
                            .replaceAll(m -> Matcher.quoteReplacement(blocks[at[0]++])));
        }
        assertThat(stale)
                .as("%s was out of date and is written anew: look at it and commit it", page)
                .isFalse();
    }

    private static void write(Path file, MarkdownPage.Block block) throws IOException {
        Files.createDirectories(file.getParent());
        if (block.verb().equals("append to")) {
            Files.writeString(file, block.text(), StandardOpenOption.APPEND);
        } else {
            Files.writeString(file, block.text());
        }
    }

    private static String answers(MarkdownPage.Block block, Terminal terminal) {
        StringBuilder answers = new StringBuilder();
        for (String line : block.text().lines().toList()) {
            Matcher command = COMMAND.matcher(line);
            if (command.matches()) {
                Terminal.Answer answer = terminal.weir(words(command.group(1)));
                answers.append("$ weir ").append(command.group(1));
                answers.append(answer.exit() == 0 ? "" : "  # exit code " + answer.exit());
                answers.append('\n');
                String said =
                        (answer.out().isBlank() ? answer.err() : answer.out())
                                .replaceAll("(?m)[ \\t]+$", "")
                                .strip();
                answers.append(said.isEmpty() ? "" : said + "\n");
            }
        }
        return answers.toString();
    }

    /** The words of a command; quotes keep blanks together. */
    private static String[] words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("'([^']*)'|(\\S+)").matcher(line);
        while (word.find()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        return words.toArray(String[]::new);
    }

    @Test
    void everyKeyOfASuiteIsInTheIndex() throws IOException {
        JsonNode schema =
                JsonMapper.shared()
                        .readTree(
                                MarkdownPage.repository()
                                        .resolve(
                                                "platform/src/main/resources/dev/weir/schemas/expectations.schema.json")
                                        .toFile());
        String index = Files.readString(MarkdownPage.repository().resolve("docs/checks/README.md"));
        JsonNode all = schema.path("properties");
        for (JsonNode part :
                List.of(
                        all.path("columns").path("additionalProperties"),
                        all.path("rules").path("items"),
                        all.path("table"))) {
            assertThat(part.path("properties").propertyNames())
                    .isNotEmpty()
                    .allSatisfy(key -> assertThat(index).contains("`" + key + "`"));
        }
        for (Path page : checks()) {
            if (!page.endsWith("README.md")) {
                assertThat(index).contains("(" + page.getFileName() + ")");
            }
        }
    }
}

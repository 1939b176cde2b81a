package dev.weir.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the docs, taken apart into its fenced blocks. */
final class MarkdownPage {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "(?:<!-- (?<verb>write to|append to) (?<file>\\S+) -->\\n)?"
                            + "^```(?<language>\\w*)\\n(?<text>.*?)^```$",
                    Pattern.MULTILINE | Pattern.DOTALL);

    private MarkdownPage() {}

    /**
     * A fenced block.
     *
     * @param line where its fence stands, from 1
     * @param verb {@code write to} or {@code append to}, where the page says so; else empty
     * @param file the file that it goes into; else empty
     */
    record Block(int line, String language, String text, String verb, String file) {}

    static List<Block> blocks(Path page) throws IOException {
        String text = Files.readString(page);
        List<Block> blocks = new ArrayList<>();
        Matcher found = BLOCK.matcher(text);
        while (found.find()) {
            int line = (int) text.substring(0, found.start()).lines().count() + 1;
            String verb = found.group("verb");
            String file = found.group("file");
            blocks.add(
                    new Block(
                            line,
                            found.group("language"),
                            found.group("text"),
                            verb == null ? "" : verb,
                            file == null ? "" : file));
        }
        return blocks;
    }

    /** What a command said, without what differs from one time and machine to the next. */
    static String loosely(String said) {
        return said.strip()
                .replaceAll("\\b[0-9a-f]{12}\\b", "ID")
                .replaceAll("\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}", "TIME")
                .replaceAll("(?<![A-Za-z:])[0-9][0-9.,]*", "0")
                .replaceAll("\\s+", " ");
    }

    /** The root of the repository. */
    static Path repository() {
        return BuiltApp.launcher().resolveSibling(".").normalize();
    }
}

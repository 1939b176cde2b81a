package dev.weir.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** How a table is written, for commands that read one; what is not said is guessed. */
final class SourceOptions {
    @Option(
            names = "--names",
            split = ",",
            paramLabel = "NAME",
            description = "Names of the columns, where the file has none.")
    List<String> names = List.of();

    @Option(names = "--no-header", description = "The first line is a row.")
    boolean noHeader;

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            description = "Between values; \\t is a tab.")
    @Nullable String delimiter;

    @Option(
            names = "--quote",
            paramLabel = "CHAR",
            description = "Around values; none for no quoting.")
    @Nullable String quote;

    @Option(
            names = "--null",
            split = ",",
            paramLabel = "TEXT",
            description = "Texts that mean a missing value, besides the empty one.")
    List<String> nulls = List.of();

    /** The keys of a {@code source} mapping. */
    ObjectNode json() {
        ObjectNode source = JsonNodeFactory.instance.objectNode();
        if (delimiter != null) {
            source.put("delimiter", delimiter.replace("\\t", "\t"));
        }
        if (quote != null) {
            source.put("quote", quote);
        }
        if (noHeader) {
            source.put("header", false);
        }
        if (!names.isEmpty()) {
            names.forEach(source.putArray("names")::add);
        }
        if (!nulls.isEmpty()) {
            var texts = source.putArray("null");
            texts.add("");
            nulls.stream().filter(text -> !text.isEmpty()).forEach(texts::add);
        }
        return source;
    }
}

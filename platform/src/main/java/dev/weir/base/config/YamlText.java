package dev.weir.base.config;

import tools.jackson.databind.node.JsonNodeFactory;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes values so that {@link YamlReader} reads them back as they were. */
public final class YamlText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");
    private static final Set<String> NOT_TEXT =
            Set.of("true", "false", "null", "y", "n", "yes", "no", "on", "off");

    private YamlText() {}

    /** A text: plain where that is safe, else in double quotes. */
    public static String scalar(String text) {
        boolean plain =
                PLAIN.matcher(text).matches() && !NOT_TEXT.contains(text.toLowerCase(Locale.ROOT));
        return plain ? text : JsonNodeFactory.instance.stringNode(text).toString();
    }

    /** A list of texts on one line: {@code [a, "b c"]}. */
    public static String list(List<String> texts) {
        return texts.stream().map(YamlText::scalar).collect(Collectors.joining(", ", "[", "]"));
    }
}

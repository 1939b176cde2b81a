package dev.weir.base.config;

import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 512MiB}, {@code 4GiB}. */
public final class Sizes {
    /** What is expected where a text is none. */
    public static final String EXPECTED = "a size such as 512MiB or 4GiB";

    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)(B|KiB|MiB|GiB|TiB)");
    private static final Map<String, Long> BYTES =
            Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);

    private Sizes() {}

    /** In bytes; empty where the text is no size. */
    public static OptionalLong parse(String text) {
        Matcher m = FORM.matcher(text);
        return m.matches()
                ? OptionalLong.of(
                        Math.round(
                                Double.parseDouble(m.group(1))
                                        * BYTES.getOrDefault(m.group(2), 1L)))
                : OptionalLong.empty();
    }
}

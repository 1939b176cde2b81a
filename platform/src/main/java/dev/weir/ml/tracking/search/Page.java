package dev.weir.ml.tracking.search;

import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some of what was found.
 *
 * @param next gives the next page; null where this is the last
 */
public record Page<T>(List<T> items, @Nullable String next) {
    private static final Pattern TOKEN = Pattern.compile("from (\\d{1,9})");

    public Page {
        items = List.copyOf(items);
    }

    /** The same page of something else. */
    public <R> Page<R> map(Function<T, R> each) {
        return new Page<>(items.stream().map(each).toList(), next);
    }

    /**
     * One page of a list that is whole.
     *
     * @param limit how many items it may have
     * @param token of the page before; null or empty for the first
     */
    public static <T> Page<T> of(List<T> all, int limit, @Nullable String token) {
        int from = Math.min(offset(token), all.size());
        return cut(all.subList(from, all.size()), limit, from);
    }

    /** The first {@code limit} of what was found from {@code offset} on. */
    static <T> Page<T> cut(List<T> found, int limit, int offset) {
        return found.size() > limit
                ? new Page<>(found.subList(0, limit), token(offset + limit))
                : new Page<>(found, null);
    }

    private static String token(int offset) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("from " + offset).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * How many items the pages before have.
     *
     * @throws dev.weir.base.problem.ProblemException where no page gave this token
     */
    static int offset(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return 0;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            Matcher found = TOKEN.matcher(text);
            if (found.matches()) {
                return Integer.parseInt(found.group(1));
            }
        } catch (IllegalArgumentException e) {
            throw malformed(token);
        }
        throw malformed(token);
    }

    private static RuntimeException malformed(String token) {
        return Problem.input(
                        "page.token",
                        "Invalid page token '" + token + "' (expected: one that a page gave)")
                .exception();
    }
}

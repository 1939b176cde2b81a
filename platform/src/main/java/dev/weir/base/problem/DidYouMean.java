package dev.weir.base.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that a person probably meant. */
public final class DidYouMean {
    private DidYouMean() {}

    /**
     * The candidate nearest to {@code word}, if one is near enough: at most one edit for short
     * words, up to a third of the length for longer ones (optimal string alignment: insertion,
     * deletion, replacement, swap of neighbours; case counts for nothing).
     */
    public static Optional<String> closest(String word, Collection<String> candidates) {
        String wanted = word.toLowerCase(Locale.ROOT);
        int allowed = Math.max(1, word.length() / 3);
        return candidates.stream()
                .filter(c -> Math.abs(c.length() - word.length()) <= allowed)
                .map(c -> new Near(c, distance(wanted, c.toLowerCase(Locale.ROOT))))
                .filter(near -> near.distance <= allowed)
                .min(Comparator.comparingInt(Near::distance).thenComparing(Near::candidate))
                .map(Near::candidate);
    }

    /** A hint for an unknown name: the nearest candidate, else all of them. */
    public static String hint(String word, Collection<String> candidates) {
        return closest(word, candidates)
                .map(c -> "Did you mean " + c + "?")
                .orElseGet(() -> "Known here: " + String.join(", ", candidates) + ".");
    }

    private record Near(String candidate, int distance) {}

    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] =
                        Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}

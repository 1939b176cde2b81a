package dev.weir.stage.train.linear;

import dev.weir.ml.model.WordReader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The n-grams (words, pairs and triples of neighbours) of a text column that count: those in enough
 * rows, of many the most frequent. Each has a rarity, {@code ln((1 + rows) / (1 + rows with it)) +
 * 1} (scikit-learn's smooth idf).
 */
public final class Vocabulary {
    private static final String JOINT = " ";

    private final List<String> ngrams;
    private final Map<String, Integer> places;
    private final float[] rarity;
    private final int longest;

    private Vocabulary(List<String> ngrams, float[] rarity, int longest) {
        this.ngrams = ngrams;
        this.rarity = rarity;
        this.longest = longest;
        this.places = HashMap.newHashMap(ngrams.size());
        for (int i = 0; i < ngrams.size(); i++) {
            places.put(ngrams.get(i), i);
        }
    }

    /**
     * What counts in these rows.
     *
     * @param texts null is missing
     * @param longest how many words an n-gram has at most
     * @param fewestRows that an n-gram must occur in
     * @param most how many n-grams to keep; of equally frequent ones the shorter, then the first
     */
    public static Vocabulary of(@Nullable String[] texts, int longest, int fewestRows, int most) {
        List<Map.Entry<String, Integer>> frequent = new ArrayList<>();
        Set<String> known = Set.of();
        for (int length = 1; length <= longest; length++) {
            Map<String, Integer> counts = count(texts, length, known);
            counts.values().removeIf(rows -> rows < fewestRows);
            frequent.addAll(counts.entrySet());
            known = counts.keySet();
        }
        frequent.sort(
                Comparator.comparing((Map.Entry<String, Integer> e) -> -e.getValue())
                        .thenComparing(e -> length(e.getKey()))
                        .thenComparing(Map.Entry::getKey));
        List<Map.Entry<String, Integer>> kept =
                new ArrayList<>(frequent.subList(0, Math.min(most, frequent.size())));
        kept.sort(
                Comparator.comparing((Map.Entry<String, Integer> e) -> length(e.getKey()))
                        .thenComparing(Map.Entry::getKey));
        float[] rarity = new float[kept.size()];
        for (int i = 0; i < rarity.length; i++) {
            double share = (1.0 + texts.length) / (1.0 + kept.get(i).getValue());
            rarity[i] = (float) (StrictMath.log(share) + 1);
        }
        return new Vocabulary(kept.stream().map(Map.Entry::getKey).toList(), rarity, longest);
    }

    private static int length(String ngram) {
        return ngram.split(JOINT, -1).length;
    }

    /**
     * In how many rows each n-gram of a length occurs.
     *
     * @param shorter those of one word less that occur often enough: without both of its own an
     *     n-gram cannot
     */
    private static Map<String, Integer> count(
            @Nullable String[] texts, int length, Set<String> shorter) {
        Map<String, Integer> counts = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (String text : texts) {
            if (text == null) {
                continue;
            }
            seen.clear();
            List<String> words = WordReader.words(text);
            for (int i = 0; i + length <= words.size(); i++) {
                if (length == 1) {
                    seen.add(words.get(i));
                } else if (shorter.contains(join(words, i, length - 1))
                        && shorter.contains(join(words, i + 1, length - 1))) {
                    seen.add(join(words, i, length));
                }
            }
            seen.forEach(each -> counts.merge(each, 1, Integer::sum));
        }
        return counts;
    }

    private static String join(List<String> words, int from, int length) {
        return length == 1
                ? words.get(from)
                : String.join(JOINT, words.subList(from, from + length));
    }

    /** How many n-grams there are. */
    public int size() {
        return ngrams.size();
    }

    /** The n-grams, word by word: the short ones first, each length in order of UTF-16. */
    public List<List<String>> ngrams() {
        return ngrams.stream().map(each -> Arrays.asList(each.split(JOINT, -1))).toList();
    }

    /** How rare each is. */
    public float[] rarity() {
        return rarity;
    }

    /**
     * Adds what a text has: a share for each n-gram that occurs in it.
     *
     * @param first the column of the first n-gram
     */
    public void addTo(Design.Entries entries, int first, @Nullable String text) {
        if (text == null) {
            return;
        }
        List<Integer> found = found(text);
        double squares = 0;
        for (int place : found) {
            squares += (double) rarity[place] * rarity[place];
        }
        double norm = Math.sqrt(squares);
        for (int place : found) {
            entries.add(first + place, (float) (rarity[place] / norm));
        }
    }

    private List<Integer> found(String text) {
        List<String> words = WordReader.words(text);
        Set<Integer> found = new HashSet<>();
        for (int length = 1; length <= longest; length++) {
            for (int i = 0; i + length <= words.size(); i++) {
                Integer place = places.get(join(words, i, length));
                if (place != null) {
                    found.add(place);
                }
            }
        }
        List<Integer> sorted = new ArrayList<>(found);
        Collections.sort(sorted);
        return sorted;
    }
}

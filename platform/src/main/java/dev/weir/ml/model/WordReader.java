package dev.weir.ml.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a text apart into words, exactly as the nodes do that {@link OnnxExport} writes into a
 * graph. A word is a longest run of word characters: ASCII letters, which become lower case, ASCII
 * digits, and the characters of U+00C0 to U+1FFF, U+2C00 to U+2DFF, U+3040 to U+D7FF and U+F900 to
 * U+FDFF as they are (letters of nearly all living scripts). All else parts words: white space,
 * punctuation, and characters beyond U+FFFF, emoji among them. A language without spaces is not
 * taken apart.
 */
public final class WordReader {
    /** A word, as RE2 writes it, of a text whose ASCII letters are lower case. */
    static final String EXPRESSION =
            "[0-9a-z\\x{c0}-\\x{1fff}\\x{2c00}-\\x{2dff}\\x{3040}-\\x{d7ff}\\x{f900}-\\x{fdff}]+";

    /** What stands where a text has fewer words than another; no word. */
    static final String PADDING = " ";

    private WordReader() {}

    /** The words of a text, in order. */
    public static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int from = -1;
        for (int at = 0; at <= text.length(); at++) {
            boolean word = at < text.length() && isWord(text.charAt(at));
            if (word && from < 0) {
                from = at;
            } else if (!word && from >= 0) {
                words.add(lower(text.substring(from, at)));
                from = -1;
            }
        }
        return words;
    }

    private static boolean isWord(char c) {
        if (c < 0x80) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
        }
        return c >= 0xC0 && c <= 0x1FFF
                || c >= 0x2C00 && c <= 0x2DFF
                || c >= 0x3040 && c <= 0xD7FF
                || c >= 0xF900 && c <= 0xFDFF;
    }

    private static String lower(String word) {
        StringBuilder lower = new StringBuilder(word);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.setCharAt(i, (char) (c + ('a' - 'A')));
            }
        }
        return lower.toString();
    }
}

package dev.weir.stage.deploy.rollout.watch;

import java.util.Locale;

/** Figures as people read them. */
final class Figure {
    private Figure() {}

    /** {@code 1.5 % of 400}. */
    static String share(long events, long trials) {
        return trials == 0
                ? "nothing yet"
                : "%s of %d".formatted(percent((double) events / trials), trials);
    }

    /** {@code 1.5 %}. */
    static String percent(double share) {
        return number(share * 100) + " %";
    }

    /** {@code 12.5 ms}. */
    static String millis(double seconds) {
        return number(seconds * 1e3) + " ms";
    }

    /** Three digits that count. */
    static String number(double value) {
        double size = Math.abs(value);
        int digits = size == 0 ? 0 : 2 - (int) Math.floor(Math.log10(size));
        String text = String.format(Locale.ROOT, "%." + Math.clamp(digits, 0, 6) + "f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("[.]$", "") : text;
    }
}

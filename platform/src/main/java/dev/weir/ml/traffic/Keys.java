package dev.weir.ml.traffic;

import org.jspecify.annotations.Nullable;

/** Keys of people and things, as texts. */
public final class Keys {
    private Keys() {}

    /** A key that is a number: without a point where it is whole; null for NaN. */
    public static @Nullable String text(double number) {
        if (Double.isNaN(number)) {
            return null;
        }
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? String.valueOf((long) number)
                : String.valueOf(number);
    }
}

package dev.weir.ml.gate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Writes figures for people. */
final class Figures {
    private static final MathContext SHOWN = new MathContext(6, RoundingMode.HALF_EVEN);

    private Figures() {}

    /** Six significant digits, without an exponent where that stays short, and the unit. */
    static String text(double number, String unit) {
        return unit.isEmpty() ? digits(number) : digits(number) + " " + unit;
    }

    private static String digits(double number) {
        if (!Double.isFinite(number)) {
            return Double.toString(number);
        }
        if (number == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(number).round(SHOWN).stripTrailingZeros();
        boolean brief = Math.abs(number) < 1e9 && Math.abs(number) >= 1e-4;
        return brief ? rounded.toPlainString() : rounded.toString();
    }
}

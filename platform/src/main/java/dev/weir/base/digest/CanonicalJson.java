package dev.weir.base.digest;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The one encoding of a JSON value: RFC 8785 (JSON Canonicalization Scheme). Keys are sorted by
 * UTF-16 code units, there is no white space, numbers are written as ECMAScript writes a double.
 * Integers of up to 18 digits are written exactly, which agrees with RFC 8785 up to 2^53; beyond it
 * the RFC leaves integers to the application.
 */
public final class CanonicalJson {
    private CanonicalJson() {}

    /** The canonical bytes, in UTF-8. */
    public static byte[] bytes(JsonNode value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    /** The digest of the canonical bytes. */
    public static Digest digest(JsonNode value) {
        return Digest.of(bytes(value));
    }

    /**
     * The canonical text.
     *
     * @throws IllegalArgumentException for NaN, infinities, and nodes that are not JSON
     */
    public static String text(JsonNode value) {
        StringBuilder out = new StringBuilder(256);
        write(value, out);
        return out.toString();
    }

    private static void write(JsonNode value, StringBuilder out) {
        switch (value.getNodeType()) {
            case OBJECT -> object(value, out);
            case ARRAY -> array(value, out);
            case STRING -> string(value.stringValue(), out);
            case NUMBER -> number(value, out);
            case BOOLEAN -> out.append(value.booleanValue());
            case NULL -> out.append("null");
            case BINARY, MISSING, POJO ->
                    throw new IllegalArgumentException("not JSON: " + value.getNodeType());
        }
    }

    private static void object(JsonNode value, StringBuilder out) {
        List<String> names = new ArrayList<>(value.propertyNames());
        Collections.sort(names);
        out.append('{');
        for (int i = 0; i < names.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            string(names.get(i), out);
            out.append(':');
            write(value.get(names.get(i)), out);
        }
        out.append('}');
    }

    private static void array(JsonNode value, StringBuilder out) {
        out.append('[');
        for (int i = 0; i < value.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            write(value.get(i), out);
        }
        out.append(']');
    }

    private static void string(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void number(JsonNode value, StringBuilder out) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            out.append(value.longValue());
            return;
        }
        double number = value.doubleValue();
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new IllegalArgumentException("number: " + number + " (expected: finite)");
        }
        out.append(ecmaScript(number));
    }

    /** ECMA-262, Number::toString, from the shortest digits. */
    static String ecmaScript(double number) {
        if (number == 0) {
            return "0";
        }
        if (number < 0) {
            return "-" + ecmaScript(-number);
        }
        BigDecimal shortest = shortest(number);
        String digits = shortest.unscaledValue().toString();
        int k = digits.length();
        int n = k - shortest.scale();
        if (k <= n && n <= 21) {
            return digits + "0".repeat(n - k);
        }
        if (0 < n && n <= 21) {
            return digits.substring(0, n) + "." + digits.substring(n);
        }
        if (-6 < n && n <= 0) {
            return "0." + "0".repeat(-n) + digits;
        }
        String exponent = (n - 1 < 0 ? "-" : "+") + Math.abs(n - 1);
        return k == 1
                ? digits + "e" + exponent
                : digits.charAt(0) + "." + digits.substring(1) + "e" + exponent;
    }

    /** Java (since 19) finds the shortest digits too, but never fewer than two. */
    private static BigDecimal shortest(double number) {
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        BigDecimal oneDigit = decimal.round(new MathContext(1)).stripTrailingZeros();
        return decimal.precision() == 2 && oneDigit.doubleValue() == number ? oneDigit : decimal;
    }
}

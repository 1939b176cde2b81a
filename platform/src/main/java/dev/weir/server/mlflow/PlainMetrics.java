package dev.weir.server.mlflow;

import dev.weir.ml.tracking.Points;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads {@code runs/log-metric} and {@code runs/log-batch} as clients write them where they log
 * nothing but metrics: known fields, names without escapes, plain numbers. It knows no errors: of
 * whatever else there is in a body it says that it cannot read it, and {@link BatchReader} does.
 */
final class PlainMetrics {
    /** All powers of ten that a double holds exactly (Clinger 1990, section 4). */
    private static final double[] TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    private static final long EXACT = 1L << 53;
    private static final int MOST_DIGITS = 18;

    /** Longer numbers are none that a program writes. */
    private static final int LONGEST = 40;

    private static final byte[] RUN_ID = name("run_id");
    private static final byte[] METRICS = name("metrics");
    private static final byte[] KEY = name("key");
    private static final byte[] VALUE = name("value");
    private static final byte[] TIMESTAMP = name("timestamp");
    private static final byte[] STEP = name("step");

    /** Keys are found again by their bytes: there are few, a hundred times each. */
    private static final int SLOTS = 64;

    private final byte[] body;
    private int at;

    /** Whether all that was read is as it is expected to be. */
    private boolean plain = true;

    private @Nullable String runId;
    private int count;
    private final Map<String, Points> metrics = new LinkedHashMap<>();
    private final byte[][] keys = new byte[SLOTS][];
    private final Points[] pointsOfKeys = new Points[SLOTS];

    // The metric that is read; which of its fields were there.
    private int keyFrom;
    private int keyTo;
    private double value;
    private long timestampMs;
    private long step;

    private PlainMetrics(byte[] body) {
        this.body = body;
    }

    private static byte[] name(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What a body of this kind says; null where it is to be read in another way. */
    static @Nullable PlainMetrics batch(byte[] body) {
        PlainMetrics read = new PlainMetrics(body);
        return read.wholeBatch() ? read : null;
    }

    /** As {@link #batch}, of {@code runs/log-metric}. */
    static @Nullable PlainMetrics metric(byte[] body) {
        PlainMetrics read = new PlainMetrics(body);
        return read.metric(true) && read.ended() ? read : null;
    }

    String runId() {
        if (runId == null) {
            throw new IllegalStateException("run_id: not read (expected: a body that is plain)");
        }
        return runId;
    }

    /** How many points the body has, whether or not they are all different. */
    int count() {
        return count;
    }

    Map<String, Points> metrics() {
        return metrics;
    }

    private boolean wholeBatch() {
        if (next() != '{') {
            return false;
        }
        byte after;
        do {
            if (next() != '"') {
                return false;
            }
            int from = at;
            int to = text();
            if (next() != ':') {
                return false;
            }
            if (is(RUN_ID, from, to) && runId == null) {
                readRunId();
            } else if (!is(METRICS, from, to) || count > 0 || !list()) {
                return false;
            }
            after = next();
        } while (plain && after == ',');
        return after == '}' && ended();
    }

    private boolean list() {
        if (next() != '[') {
            return false;
        }
        byte after;
        do {
            if (!metric(false)) {
                return false;
            }
            after = next();
        } while (after == ',');
        return after == ']';
    }

    private boolean ended() {
        return plain && runId != null && !runId.isEmpty() && count > 0 && next() == 0;
    }

    private boolean metric(boolean whole) {
        int fields = 0;
        if (next() != '{') {
            return false;
        }
        step = 0;
        byte after;
        do {
            if (next() != '"') {
                return false;
            }
            int from = at;
            int to = text();
            if (next() != ':') {
                return false;
            }
            int field;
            if (is(KEY, from, to)) {
                field = 1;
                plain &= next() == '"';
                keyFrom = at;
                keyTo = text();
            } else if (is(VALUE, from, to)) {
                field = 2;
                value = number();
            } else if (is(TIMESTAMP, from, to)) {
                field = 4;
                timestampMs = whole();
            } else if (is(STEP, from, to)) {
                field = 8;
                step = whole();
            } else if (whole && is(RUN_ID, from, to)) {
                field = 16;
                readRunId();
            } else {
                return false;
            }
            if (!plain || (fields & field) != 0) {
                return false;
            }
            fields |= field;
            after = next();
        } while (after == ',');
        if (after != '}' || (fields & 7) != 7) {
            return false;
        }
        points().add(value, timestampMs, step);
        count++;
        return true;
    }

    private void readRunId() {
        plain &= next() == '"';
        int from = at;
        int to = text();
        runId = new String(body, from, to - from, StandardCharsets.US_ASCII);
    }

    private Points points() {
        int hash = keyTo - keyFrom;
        for (int i = keyFrom; i < keyTo; i++) {
            hash = hash * 31 + body[i];
        }
        int slot = (hash ^ hash >>> 6 ^ hash >>> 12) & SLOTS - 1;
        byte[] known = keys[slot];
        if (known != null && Arrays.equals(known, 0, known.length, body, keyFrom, keyTo)) {
            return pointsOfKeys[slot];
        }
        byte[] bytes = Arrays.copyOfRange(body, keyFrom, keyTo);
        Points points =
                metrics.computeIfAbsent(
                        new String(bytes, StandardCharsets.US_ASCII), key -> new Points());
        keys[slot] = bytes;
        pointsOfKeys[slot] = points;
        return points;
    }

    private boolean is(byte[] name, int from, int to) {
        if (to - from != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (body[from + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** The next byte that is no space, which is passed; 0 at the end. */
    private byte next() {
        byte next = peek();
        if (at < body.length) {
            at++;
        }
        return next;
    }

    /** The next byte that is no space; 0 at the end. */
    private byte peek() {
        while (at < body.length) {
            byte b = body[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == 0 ? 1 : b;
            }
            at++;
        }
        return 0;
    }

    /** Where the text ends that begins here: printable ASCII, and no escapes. */
    private int text() {
        while (at < body.length) {
            byte b = body[at];
            if (b == '"') {
                at++;
                return at - 1;
            }
            if (b < ' ' || b == '\\') {
                break;
            }
            at++;
        }
        plain = false;
        return at;
    }

    private long whole() {
        long number = digits();
        plain &= at >= body.length || body[at] != '.' && (body[at] | 0x20) != 'e';
        return number;
    }

    /** A whole number of at most 18 digits. */
    private long digits() {
        boolean negative = peek() == '-';
        if (negative) {
            at++;
        }
        int from = at;
        long number = 0;
        while (at < body.length && body[at] >= '0' && body[at] <= '9') {
            number = number * 10 + (body[at] - '0');
            at++;
        }
        plain &= at > from && at - from <= MOST_DIGITS && (body[from] != '0' || at == from + 1);
        return negative ? -number : number;
    }

    private double number() {
        boolean negative = peek() == '-';
        int from = at;
        long digits = digits();
        int places = 0;
        if (at < body.length && body[at] == '.') {
            at++;
            int dot = at;
            while (at < body.length && body[at] >= '0' && body[at] <= '9') {
                if (at - from <= MOST_DIGITS) {
                    digits = digits * 10 + (negative ? '0' - body[at] : body[at] - '0');
                }
                at++;
            }
            places = at - dot;
            plain &= places > 0;
        }
        boolean power = at < body.length && (body[at] | 0x20) == 'e';
        if (power) {
            at++;
            if (at < body.length && (body[at] == '-' || body[at] == '+')) {
                at++;
            }
            int exponent = at;
            while (at < body.length && body[at] >= '0' && body[at] <= '9') {
                at++;
            }
            plain &= at > exponent;
        }
        plain &= at - from <= LONGEST && (digits != 0 || !negative || places > 0);
        if (power
                || at - from > MOST_DIGITS
                || Math.abs(digits) > EXACT
                || digits == 0 && negative) {
            return plain
                    ? Double.parseDouble(
                            new String(body, from, at - from, StandardCharsets.US_ASCII))
                    : 0;
        }
        return digits / TENS[places];
    }
}

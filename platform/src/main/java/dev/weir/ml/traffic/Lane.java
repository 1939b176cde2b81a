package dev.weir.ml.traffic;

import dev.weir.ml.data.log.RowBytes;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Signature;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** How the rows of one variant are written, under one policy. */
final class Lane {
    /** Behind the id of a request of many rows. */
    private static final int ROW_NUMBER = 11;

    private final int number;
    private final Origin origin;
    private final LogPolicy policy;
    private final LaneColumns columns;
    private final int width;
    private final List<String> decisions;

    Lane(int number, Origin origin, LogPolicy policy) {
        this.number = number;
        this.origin = origin;
        this.policy = policy;
        this.columns = LaneColumns.of(origin, policy);
        Signature signature = origin.signature();
        this.width = signature.width();
        Signature.Classes classes = signature.classes();
        this.decisions =
                classes == null
                        ? signature.labels()
                        : List.of(classes.negative(), classes.positive());
    }

    Origin origin() {
        return origin;
    }

    LogPolicy policy() {
        return policy;
    }

    LaneColumns columns() {
        return columns;
    }

    /** Whether the sample has a request: the same for all its variants. */
    boolean picks(String id) {
        return policy.sample() >= 1 || chance(id) < policy.sample();
    }

    /** Where an id lies between 0 and 1, evenly spread (Steele et al., SplitMix64's last steps). */
    static double chance(String id) {
        long mixed = id.hashCode() * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return ((mixed ^ (mixed >>> 31)) >>> 11) * 0x1.0p-53;
    }

    /** The most bytes that a row takes. */
    int most(Entry entry, int row, int rows) {
        long most = 4 + 3 * 8 + RowBytes.most(entry.id()) + ROW_NUMBER + 4L * width;
        most += RowBytes.most(key(entry, row)) + RowBytes.most(entry.assignment());
        most += RowBytes.most(entry.error()) + RowBytes.most(decision(entry, row));
        for (int i = 0; i < columns.inputs().length; i++) {
            if (columns.inputs()[i]) {
                most +=
                        switch (entry.inputs().get(i)) {
                            case Columns.Numbers _ -> 8;
                            case Columns.Texts texts -> RowBytes.most(texts.values()[row]);
                        };
            }
        }
        return (int) Math.min(most, Integer.MAX_VALUE);
    }

    /** Writes a row; where it ends. */
    long write(MemorySegment to, long at, Entry entry, int row, int rows) {
        long next = RowBytes.layout(to, at, number);
        next = RowBytes.text(to, next, key(entry, row));
        next = RowBytes.text(to, next, entry.assignment());
        next = RowBytes.text(to, next, PredictionIds.row(entry.id(), row, rows));
        next = RowBytes.whole(to, next, entry.micros());
        next = RowBytes.number(to, next, entry.propensity());
        next = RowBytes.whole(to, next, entry.latencyNanos());
        next = RowBytes.text(to, next, entry.error());
        next = RowBytes.text(to, next, decision(entry, row));
        for (int k = 0; k < width; k++) {
            float output = entry.error() == null ? entry.outputs()[row * width + k] : Float.NaN;
            next = RowBytes.real(to, next, output);
        }
        for (int i = 0; i < columns.inputs().length; i++) {
            if (columns.inputs()[i]) {
                next =
                        switch (entry.inputs().get(i)) {
                            case Columns.Numbers numbers ->
                                    RowBytes.number(to, next, numbers.values()[row]);
                            case Columns.Texts texts -> text(to, next, texts.values()[row]);
                        };
            }
        }
        return next;
    }

    private static long text(MemorySegment to, long at, @Nullable String text) {
        return RowBytes.text(to, at, text == null || text.isEmpty() ? null : text);
    }

    private @Nullable String key(Entry entry, int row) {
        if (columns.keyInput() < 0) {
            return entry.assignment();
        }
        return switch (entry.inputs().get(columns.keyInput())) {
            case Columns.Texts texts -> texts.values()[row];
            case Columns.Numbers numbers -> Keys.text(numbers.values()[row]);
        };
    }

    private @Nullable String decision(Entry entry, int row) {
        if (decisions.isEmpty() || entry.error() != null) {
            return null;
        }
        float[] outputs = entry.outputs();
        if (width == 1) {
            return decisions.get(outputs[row] >= origin.threshold() ? 1 : 0);
        }
        int best = 0;
        for (int k = 1; k < width; k++) {
            best = outputs[row * width + k] > outputs[row * width + best] ? k : best;
        }
        return decisions.get(best);
    }
}

package dev.weir.store.meta;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as the tables hold them: microseconds since the epoch. */
public final class Times {
    private Times() {}

    /** For a {@code _us} column; what is finer than a microsecond is cut off. */
    public static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** From a {@code _us} column. */
    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}

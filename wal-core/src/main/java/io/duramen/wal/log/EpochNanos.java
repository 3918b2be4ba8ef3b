package io.duramen.wal.log;

import java.time.Instant;
import java.time.InstantSource;

/// Times as the format holds them: nanoseconds since 1970-01-01T00:00Z, good until the year 2262.
public final class EpochNanos {
    private static final long PER_SECOND = 1_000_000_000L;

    private EpochNanos() {
    }

    public static long now(InstantSource clock) {
        return of(clock.instant());
    }

    /// The nearest time that the format can hold.
    static long of(Instant time) {
        try {
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), PER_SECOND),
                    time.getNano());
        } catch (ArithmeticException _) {
            return time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    public static Instant toInstant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, PER_SECOND),
                Math.floorMod(nanos, PER_SECOND));
    }
}

package io.duramen.wal.actors;

import java.time.Duration;

/// How fast what waits gets to the disk, as measured of late. Plain state of a [LogActor].
final class DrainRate {
    static final Duration SHORTEST = Duration.ofMillis(1);
    static final Duration LONGEST = Duration.ofSeconds(1);
    /// Before anything was measured.
    static final Duration UNKNOWN = Duration.ofMillis(10);
    private static final double WEIGHT_OF_NEWEST = 0.25;

    private double nanosPerByte;

    /// Something took so long; what took no time, as a clock may say that is set back, says
    /// nothing.
    void measured(long bytes, long nanos) {
        if (bytes > 0 && nanos > 0) {
            double newest = (double) nanos / bytes;
            nanosPerByte = nanosPerByte == 0 ? newest
                    : nanosPerByte + WEIGHT_OF_NEWEST * (newest - nanosPerByte);
        }
    }

    /// When so many bytes will have gone.
    Duration timeFor(long bytes) {
        if (nanosPerByte == 0) {
            return UNKNOWN;
        }
        double nanos = nanosPerByte * bytes;
        return Duration.ofNanos((long) Math.clamp(nanos, SHORTEST.toNanos(), LONGEST.toNanos()));
    }
}

package io.duramen.wal.benchmarks.harness;

import java.time.Duration;

/// How much time and space one fork may take.
///
/// @param warmUp time to run before anything is counted
/// @param measure time to measure
/// @param bytesMax payload bytes to append in each of the two, at most; what comes first ends it
public record Budget(Duration warmUp, Duration measure, long bytesMax) {
    /// As long a warm-up, and a measurement that takes so many times as long.
    public Budget measuring(int times) {
        return new Budget(warmUp, measure.multipliedBy(times), bytesMax);
    }

    /// A warm-up of at least this time.
    public Budget warmingUpFor(Duration time) {
        return warmUp.compareTo(time) >= 0 ? this : new Budget(time, measure, bytesMax);
    }

    /// Entries of this size that fit, at least one.
    public long entriesMax(int payloadBytes) {
        return Math.max(1, bytesMax / Math.max(1, payloadBytes));
    }
}

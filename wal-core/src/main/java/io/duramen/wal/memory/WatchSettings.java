package io.duramen.wal.memory;

import java.time.Duration;

/// What a pool watches of its users.
///
/// @param leakSampleEvery one in so many leases remembers who asked for it; when such a lease is
///     collected without having been given back, that is logged. 1 is for tests and for hunting a
///     leak: a stack trace each; 0 is none
/// @param slowAcquire a wait for a slot that is longer is logged, at most once in 10 seconds; zero
///     for never
public record WatchSettings(int leakSampleEvery, Duration slowAcquire) {
    public WatchSettings {
        if (leakSampleEvery < 0) {
            throw new IllegalArgumentException(
                    "leakSampleEvery [" + leakSampleEvery + "] must not be negative");
        }
        if (slowAcquire.isNegative()) {
            throw new IllegalArgumentException(
                    "slowAcquire [" + slowAcquire + "] must not be negative");
        }
    }

    /// No lease traced; a wait of a second is slow.
    public static WatchSettings defaults() {
        return new WatchSettings(0, Duration.ofSeconds(1));
    }
}

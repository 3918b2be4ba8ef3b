package io.duramen.wal.benchmarks.workload;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Moments at which entries are due: evenly spaced, each caller having its own, from now on.
final class Arrivals {
    /// Closer to the moment than this, a thread yields: parking takes about as long.
    private static final long PARK_NANOS = 100_000;

    private final double stepNanos;
    private final int callers;
    private final long entriesPerCaller;
    private final long start = System.nanoTime();

    /// @param rate entries per second, of all callers together
    Arrivals(long rate, int callers, Duration time) {
        this.callers = callers;
        this.stepNanos = 1e9 * callers / rate;
        this.entriesPerCaller = Math.max(1, Math.round(time.toNanos() / stepNanos));
    }

    long entriesPerCaller() {
        return entriesPerCaller;
    }

    /// Waits until a caller's entry is due. One that is late already is due at once.
    ///
    /// @return when it was due, by System.nanoTime
    long await(int caller, long entry) {
        long due = start + Math.round(stepNanos * caller / callers + entry * stepNanos);
        long left = due - System.nanoTime();
        while (left > 0) {
            if (left > PARK_NANOS) {
                LockSupport.parkNanos(left - PARK_NANOS);
            } else {
                Thread.yield();
            }
            left = due - System.nanoTime();
        }
        return due;
    }
}

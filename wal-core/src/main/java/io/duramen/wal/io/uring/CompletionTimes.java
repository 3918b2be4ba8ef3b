package io.duramen.wal.io.uring;

import java.util.concurrent.atomic.AtomicLongArray;

/// How long chains took from submission to completion. The ring's thread records, any thread reads;
/// neither waits for the other.
///
/// A histogram with 32 steps between a power of two and the next, so that every step is about a
/// thirtieth of the value it stands for.
final class CompletionTimes {
    private static final int STEP_BITS = 5;
    private static final int STEPS = 1 << STEP_BITS;

    private final AtomicLongArray counts = new AtomicLongArray(STEPS * (Long.SIZE - STEP_BITS));
    private volatile long maxNanos;

    void record(long nanos) {
        long value = Math.max(0, nanos);
        int index = indexOf(value);
        counts.setRelease(index, counts.getPlain(index) + 1);
        if (value > maxNanos) {
            maxNanos = value;
        }
    }

    static int indexOf(long value) {
        if (value < STEPS) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - STEP_BITS;
        return shift * STEPS + (int) (value >>> shift);
    }

    /// The least value that is counted there.
    static long valueAt(int index) {
        int shift = Math.max(0, index / STEPS - 1);
        return (long) (index - shift * STEPS) << shift;
    }

    UringStatistics.Latency latency() {
        long chains = 0;
        for (int i = 0; i < counts.length(); i++) {
            chains += counts.getAcquire(i);
        }
        return new UringStatistics.Latency(
                chains, percentile(chains, 50), percentile(chains, 99), maxNanos);
    }

    private long percentile(long chains, int percent) {
        long wanted = Math.ceilDiv(chains * percent, 100);
        long seen = 0;
        for (int i = 0; i < counts.length() && chains > 0; i++) {
            seen += counts.getAcquire(i);
            if (seen >= wanted) {
                return valueAt(i);
            }
        }
        return 0;
    }
}

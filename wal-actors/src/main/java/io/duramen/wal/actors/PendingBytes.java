package io.duramen.wal.actors;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes of appends that wait for the disk in all logs of a system together, and the limit on them.
/// What comes while nothing waits is taken whatever it weighs.
///
/// Any thread may call.
final class PendingBytes {
    private final long max;
    private final AtomicLong pending = new AtomicLong();

    PendingBytes(long max) {
        this.max = max;
    }

    static PendingBytes unlimited() {
        return new PendingBytes(Long.MAX_VALUE);
    }

    long max() {
        return max;
    }

    long pending() {
        return pending.get();
    }

    /// @return false where there is no room; then nothing is to be given back
    boolean tryTake(long bytes) {
        long before = pending.getAndUpdate(now -> holds(now, bytes) ? now + bytes : now);
        return holds(before, bytes);
    }

    private boolean holds(long now, long bytes) {
        return now == 0 || bytes <= max - now;
    }

    void giveBack(long bytes) {
        long left = pending.addAndGet(-bytes);
        assert left >= 0 : "given back more than was taken";
    }
}

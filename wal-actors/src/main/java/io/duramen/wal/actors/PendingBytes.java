package io.duramen.wal.actors;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes of appends that wait for the disk in all logs of a system together, and the limit on them;
/// or those of one log, which is a part of that. What comes while nothing waits is taken whatever
/// it weighs.
///
/// Any thread may call.
final class PendingBytes {
    private final long max;
    /// Itself, unless this is a part.
    private final PendingBytes whole;
    private final AtomicLong pending = new AtomicLong();

    PendingBytes(long max) {
        this.max = max;
        this.whole = this;
    }

    private PendingBytes(PendingBytes whole) {
        this.max = whole.max;
        this.whole = whole;
    }

    static PendingBytes unlimited() {
        return new PendingBytes(Long.MAX_VALUE);
    }

    /// One log's part: what is taken of it is taken of the whole.
    PendingBytes part() {
        return new PendingBytes(whole);
    }

    PendingBytes whole() {
        return whole;
    }

    long max() {
        return max;
    }

    long pending() {
        return pending.get();
    }

    /// @return false where there is no room; then nothing is to be given back
    boolean tryTake(long bytes) {
        long before = whole.pending.getAndUpdate(now -> holds(now, bytes) ? now + bytes : now);
        boolean taken = holds(before, bytes);
        if (taken && whole != this) {
            pending.addAndGet(bytes);
        }
        return taken;
    }

    private boolean holds(long now, long bytes) {
        return now == 0 || bytes <= max - now;
    }

    void giveBack(long bytes) {
        if (whole != this) {
            whole.giveBack(bytes);
        }
        long left = pending.addAndGet(-bytes);
        assert left >= 0 : "given back more than was taken";
    }
}

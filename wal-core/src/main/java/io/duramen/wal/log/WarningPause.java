package io.duramen.wal.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Lets a warning pass at most once in 10 seconds. Any thread may ask.
final class WarningPause {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final AtomicLong passedNanos = new AtomicLong(System.nanoTime() - PAUSE_NANOS);

    /// @return whether to warn now; then the pause begins anew
    boolean tryPass() {
        long now = System.nanoTime();
        long before = passedNanos.get();
        return now - before >= PAUSE_NANOS && passedNanos.compareAndSet(before, now);
    }
}

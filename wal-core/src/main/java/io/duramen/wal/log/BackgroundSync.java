package io.duramen.wal.log;

import io.duramen.wal.WalException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Syncs a log some time after it was asked to, so that nothing stays written alone for longer. Any
/// thread may ask.
final class BackgroundSync {
    private final LogEnvironment environment;
    private final Duration delay;
    private final Runnable sync;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    BackgroundSync(LogEnvironment environment, Duration delay, Runnable sync) {
        this.environment = environment;
        this.delay = delay;
        this.sync = sync;
    }

    /// Does nothing where a sync is to come already.
    void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            environment.timer().schedule(() -> environment.background().execute(this::run),
                    delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void run() {
        scheduled.set(false);
        try {
            sync.run();
        } catch (WalException _) {
            // whoever appends next is told: the log is poisoned or closed
        }
    }
}

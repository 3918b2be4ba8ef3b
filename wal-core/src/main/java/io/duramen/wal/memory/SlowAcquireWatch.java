package io.duramen.wal.memory;

import java.lang.System.Logger.Level;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Warns when somebody waits too long for a slot, while he waits: also when none ever comes back.
///
/// It looks while somebody waits and otherwise does nothing: at most one look is scheduled at a
/// time.
final class SlowAcquireWatch {
    /// Runs a task once, after a delay, on a thread that may write a log.
    interface Timer {
        void schedule(Runnable task, long delayNanos);

        static Timer ofSystem() {
            return (task, delayNanos) -> CompletableFuture
                    .delayedExecutor(delayNanos, TimeUnit.NANOSECONDS).execute(task);
        }
    }

    /// Between two warnings of one pool.
    static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final System.Logger LOG = System.getLogger(SlowAcquireWatch.class.getName());

    private final long slowNanos;
    private final LongSupplier clock;
    private final Timer timer;
    private final Supplier<OptionalLong> longestWaitingSince;
    private final Supplier<String> description;
    private final AtomicBoolean isLookScheduled = new AtomicBoolean();

    /// Only the look that is scheduled touches it.
    private long notBefore;

    /// @param slowNanos how long is too long, 0 for never
    /// @param clock [System#nanoTime()], or a test's
    /// @param longestWaitingSince when who waits longest began, by that clock; empty where nobody
    ///     waits
    /// @param description the state of the pool, for the warning
    SlowAcquireWatch(long slowNanos, LongSupplier clock, Timer timer,
            Supplier<OptionalLong> longestWaitingSince, Supplier<String> description) {
        this.slowNanos = slowNanos;
        this.clock = clock;
        this.timer = timer;
        this.longestWaitingSince = longestWaitingSince;
        this.description = description;
        this.notBefore = clock.getAsLong();
    }

    long now() {
        return clock.getAsLong();
    }

    /// Somebody began to wait.
    void onWaiting() {
        if (slowNanos > 0) {
            scheduleLook(slowNanos);
        }
    }

    private void scheduleLook(long delayNanos) {
        if (isLookScheduled.compareAndSet(false, true)) {
            timer.schedule(this::look, delayNanos);
        }
    }

    private void look() {
        OptionalLong since = longestWaitingSince.get();
        long now = clock.getAsLong();
        if (since.isPresent() && now - since.getAsLong() >= slowNanos && now - notBefore >= 0) {
            notBefore = now + PAUSE_NANOS;
            LOG.log(Level.WARNING, "a request waits for a buffer since "
                    + TimeUnit.NANOSECONDS.toMillis(now - since.getAsLong()) + " ms: "
                    + description.get() + "; give it more slots, or find who keeps them");
        }
        isLookScheduled.set(false);
        // Who began to wait before the line above has scheduled nothing.
        OptionalLong still = longestWaitingSince.get();
        if (still.isPresent()) {
            scheduleLook(Math.max(Math.max(1, notBefore - now),
                    slowNanos - (now - still.getAsLong())));
        }
    }
}

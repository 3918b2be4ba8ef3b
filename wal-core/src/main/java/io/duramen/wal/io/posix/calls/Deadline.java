package io.duramen.wal.io.posix.calls;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// A moment by which something is to be complete, or none. No two moments are equal; the order is
/// by time.
///
/// @param nanos on the clock of `System.nanoTime`; without meaning where there is none
public record Deadline(boolean isSet, long nanos, long sequence)
        implements StopSignal, Comparable<Deadline> {
    private static final Deadline NONE = new Deadline(false, 0, 0);
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;
    private static final AtomicLong MADE = new AtomicLong();

    /// So long from now, or none.
    static Deadline in(Optional<Duration> timeout) {
        return timeout.map(Deadline::in).orElse(NONE);
    }

    public static Deadline in(Duration time) {
        long nanos = time.compareTo(Duration.ofNanos(LONGEST_NANOS)) < 0 ? time.toNanos()
                : LONGEST_NANOS;
        return new Deadline(true, System.nanoTime() + nanos, MADE.incrementAndGet());
    }

    @Override
    public StopReason reason() {
        return isSet && leftNanos() <= 0 ? StopReason.TIMED_OUT : null;
    }

    /// Time until then, negative when it is over.
    public long leftNanos() {
        return nanos - System.nanoTime();
    }

    /// The clock may go through its largest number: differences count, not the numbers.
    @Override
    public int compareTo(Deadline other) {
        long later = nanos - other.nanos;
        return later != 0 ? Long.signum(later) : Long.compare(sequence, other.sequence);
    }
}

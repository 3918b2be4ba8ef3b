package io.duramen.wal.io.uring;

import io.duramen.wal.io.posix.calls.ChainCounters;
import io.duramen.wal.os.EventCounter;
import io.duramen.wal.os.SubmissionEntry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// Wakes the ring's thread out of the kernel: a read of an eventfd is armed in the ring, and who
/// brings work adds to the eventfd. That costs a system call, so it is done only for a thread that
/// said it is about to sleep.
///
/// No wake-up is lost. The thread says that it will sleep, *then* looks for work once more, and
/// only then sleeps; who brings work hands it over, *then* looks whether the thread sleeps. Both
/// steps are volatile on both sides, so at least one of them sees the other.
final class Doorbell implements AutoCloseable {
    /// User data of the armed read.
    static final long USER_DATA = -1;

    private final EventCounter counter = EventCounter.open();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment count = arena.allocate(EventCounter.BYTES, Long.BYTES);
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final ChainCounters counters;
    private final LongAdder rung = new LongAdder();
    private boolean armed;

    Doorbell(ChainCounters counters) {
        this.counters = counters;
    }

    /// Any thread, after it handed something over.
    void ringIfAsleep() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            rung.increment();
            counters.countSystemCall();
            counter.add();
        }
    }

    /// The ring's thread, before it looks for work for the last time.
    void willSleep() {
        asleep.set(true);
    }

    /// The ring's thread: whatever comes now will be seen without the bell.
    void isAwake() {
        if (asleep.getPlain()) {
            asleep.set(false);
        }
    }

    /// Puts the read into the queue where it is not there already. It counts as in use until
    /// [#completed()].
    void arm(SubmissionQueue queue) {
        if (!armed && queue.free() > 0) {
            counter.descriptor().use();
            long at = queue.put(SubmissionEntry.IORING_OP_READ, counter.descriptor().number(),
                    USER_DATA);
            SubmissionEntry.putTransfer(
                    queue.entries(), at, count.address(), (int) EventCounter.BYTES, 0);
            armed = true;
        }
    }

    /// The read is over, whatever it read.
    void completed() {
        counter.descriptor().endUse();
        armed = false;
    }

    boolean isArmed() {
        return armed;
    }

    /// Ends the armed read.
    void ring() {
        counter.add();
    }

    /// How often a sleeping thread was woken.
    long rung() {
        return rung.sum();
    }

    /// The read is not armed, or the ring that it was armed in is closed.
    @Override
    public void close() {
        if (armed) {
            completed();
        }
        counter.close();
        arena.close();
    }
}

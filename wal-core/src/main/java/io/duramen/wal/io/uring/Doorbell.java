package io.duramen.wal.io.uring;

import io.duramen.wal.io.posix.calls.ChainCounters;
import io.duramen.wal.os.EventCounter;
import io.duramen.wal.os.SubmissionEntry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/// Wakes the ring's thread out of the kernel: a read of an eventfd is armed in the ring, and who
/// brings work adds to the eventfd. That costs a system call, so it is done only for a thread that
/// said it is about to sleep, and that could do something about it.
///
/// No wake-up is lost. The thread says that it will sleep, *then* looks for work once more, and
/// only then sleeps; who brings work hands it over, *then* looks whether the thread sleeps. Both
/// steps are volatile on both sides, so at least one of them sees the other.
final class Doorbell implements AutoCloseable {
    /// User data of the armed read.
    static final long USER_DATA = -1;

    /// How the ring's thread sleeps.
    enum Sleep {
        /// Not at all.
        AWAKE,
        /// With a full ring: only what cannot wait for a completion wakes it.
        FULL,
        /// Anything wakes it.
        LIGHT
    }

    private final EventCounter counter = EventCounter.open();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment count = arena.allocate(EventCounter.BYTES, Long.BYTES);
    private final AtomicReference<Sleep> sleep = new AtomicReference<>(Sleep.AWAKE);
    private final ChainCounters counters;
    private final LongAdder rung = new LongAdder();
    private boolean armed;

    Doorbell(ChainCounters counters) {
        this.counters = counters;
    }

    /// Any thread, after it handed over something that a full ring has no room for.
    void ring() {
        if (sleep.get() == Sleep.LIGHT) {
            wake(Sleep.LIGHT);
        }
    }

    /// Any thread, after it handed over something that cannot wait for a completion.
    void ringUrgently() {
        Sleep seen = sleep.get();
        if (seen != Sleep.AWAKE) {
            wake(seen);
        }
    }

    /// Where the state is another one by now, the thread has looked for work since.
    private void wake(Sleep seen) {
        if (sleep.compareAndSet(seen, Sleep.AWAKE)) {
            rung.increment();
            counters.countSystemCalls(1);
            counter.add();
        }
    }

    /// The ring's thread, before it looks for work for the last time.
    void willSleep(Sleep how) {
        sleep.set(how);
    }

    /// The ring's thread: whatever comes now will be seen without the bell.
    void isAwake() {
        if (sleep.getPlain() != Sleep.AWAKE) {
            sleep.set(Sleep.AWAKE);
        }
    }

    /// Any thread: whether the thread said that anything may wake it.
    boolean isAsleep() {
        return sleep.get() == Sleep.LIGHT;
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
    void end() {
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

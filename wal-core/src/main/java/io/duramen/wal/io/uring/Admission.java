package io.duramen.wal.io.uring;

import io.duramen.wal.WalException;
import java.util.concurrent.atomic.AtomicInteger;

/// Lets chains in while the scheduler is open and fewer than the limit wait, and counts those that
/// wait. One word holds both, so that no chain is let in behind a close that saw none waiting.
final class Admission {
    private static final int CLOSED = 1 << 31;

    private final int waitingMax;

    /// Chains that wait, and the top bit once closed.
    private final AtomicInteger state = new AtomicInteger();

    Admission(int waitingMax) {
        this.waitingMax = waitingMax;
    }

    /// Any thread; whoever is let in hands a chain over without fail.
    void enter() {
        int seen;
        do {
            seen = state.get();
            if (seen < 0) {
                throw new WalException.Closed(UringScheduler.WHAT);
            }
            if (seen >= waitingMax) {
                throw new WalException.Overloaded(UringScheduler.WHAT + " has " + waitingMax
                        + " chains waiting, its limit: submit again when some are complete");
            }
        } while (!state.compareAndSet(seen, seen + 1));
    }

    /// A chain waits no more.
    void leave() {
        state.getAndDecrement();
    }

    void close() {
        state.getAndUpdate(seen -> seen | CLOSED);
    }

    boolean isOpen() {
        return state.get() >= 0;
    }

    /// Nobody waits, and nobody will.
    boolean isOver() {
        return state.get() == CLOSED;
    }

    int waiting() {
        return state.get() & ~CLOSED;
    }
}

package io.duramen.wal.io.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.duramen.wal.os.RingParameters;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// What the kernel has completed: a ring of entries, filled at the tail by the kernel and consumed
/// at the head by us.
///
/// Each is a `struct io_uring_cqe` of linux/io_uring.h: user data (8 bytes), result (4), flags (4).
/// What does not fit waits inside the kernel and comes with a later io_uring_enter(2). One thread
/// at a time.
final class CompletionQueue {
    static final long ENTRY_BYTES = 16;

    private static final long RESULT = 8;
    private static final VarHandle INT = JAVA_INT.varHandle();

    private final MemorySegment rings;
    private final long headOffset;
    private final long tailOffset;
    private final long entriesOffset;
    private final int mask;
    private int head;

    /// Told of completions, in the order in which the kernel has them.
    @FunctionalInterface
    interface Receiver {
        /// @param result what the system call would return, a negative error number on failure
        void completed(long userData, int result);
    }

    CompletionQueue(RingParameters parameters, MemorySegment rings) {
        this.rings = rings;
        headOffset = parameters.cqOffset("head");
        tailOffset = parameters.cqOffset("tail");
        entriesOffset = parameters.cqOffset("cqes");
        mask = parameters.cqEntries() - 1;
        head = (int) INT.getAcquire(rings, headOffset);
    }

    boolean isEmpty() {
        return head == (int) INT.getAcquire(rings, tailOffset);
    }

    /// Hands over everything that is there, and its place back to the kernel first.
    ///
    /// @return how many there were
    int drain(Receiver receiver) {
        int drained = 0;
        while (!isEmpty()) {
            long at = entriesOffset + (head & mask) * ENTRY_BYTES;
            long userData = rings.get(JAVA_LONG, at);
            int result = rings.get(JAVA_INT, at + RESULT);
            head++;
            INT.setRelease(rings, headOffset, head);
            receiver.completed(userData, result);
            drained++;
        }
        return drained;
    }
}

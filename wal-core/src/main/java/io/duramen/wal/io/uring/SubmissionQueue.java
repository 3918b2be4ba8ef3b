package io.duramen.wal.io.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.duramen.wal.os.RingParameters;
import io.duramen.wal.os.SubmissionEntry;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The requests that the kernel has not taken yet: a ring of entries, filled at the tail by us and
/// consumed at the head by the kernel.
///
/// Between the ring and the entries lies an array of indexes. It is filled once, index `i` at place
/// `i`, and entries are always put at `tail & mask`: so what the kernel finds at any later tail is
/// the entry that was meant. One thread at a time.
final class SubmissionQueue {
    /// Set in the user data of an entry that was made void before the kernel took it.
    static final long VOID = 1L << 62;

    private static final byte LINKS =
            SubmissionEntry.IOSQE_IO_LINK | SubmissionEntry.IOSQE_IO_HARDLINK;
    private static final VarHandle INT = JAVA_INT.varHandle();

    private final MemorySegment rings;
    private final MemorySegment entries;
    private final long headOffset;
    private final long tailOffset;
    private final int capacity;
    private int tail;

    SubmissionQueue(RingParameters parameters, MemorySegment rings, MemorySegment entries) {
        this.rings = rings;
        this.entries = entries;
        headOffset = parameters.sqOffset("head");
        tailOffset = parameters.sqOffset("tail");
        capacity = parameters.sqEntries();
        tail = (int) INT.getAcquire(rings, tailOffset);
        long array = parameters.sqOffset("array");
        for (int i = 0; i < capacity; i++) {
            rings.set(JAVA_INT, array + (long) i * Integer.BYTES, i);
        }
    }

    int capacity() {
        return capacity;
    }

    /// Entries that may be put before the kernel takes some.
    int free() {
        return capacity - unconsumed();
    }

    /// Entries that the kernel has not taken.
    int unconsumed() {
        return tail - head();
    }

    private int head() {
        return (int) INT.getAcquire(rings, headOffset);
    }

    MemorySegment entries() {
        return entries;
    }

    /// Puts an entry at the tail and returns where it is in [#entries()]; the caller fills in the
    /// rest before it publishes.
    long put(byte opcode, int fd, long userData) {
        assert free() > 0 : "an entry was put into a full queue";
        long at = at(tail++);
        SubmissionEntry.put(entries, at, opcode, fd, userData);
        return at;
    }

    private long at(int index) {
        return (index & capacity - 1) * SubmissionEntry.BYTES;
    }

    /// Shows the kernel what was put.
    void publish() {
        INT.setRelease(rings, tailOffset, tail);
    }

    /// A link does not reach from one call of io_uring_enter(2) into the next: where the kernel
    /// took the first part of a linked sequence only, the rest would run beside it instead of
    /// behind it. Makes that rest void: it will do nothing, and its completions say so.
    ///
    /// @return how many entries were made void
    int voidSplitLink() {
        int index = head();
        int before = index;
        while (index != tail && isLinked(index - 1)) {
            long at = at(index);
            byte link = (byte) (SubmissionEntry.flags(entries, at) & LINKS);
            SubmissionEntry.put(entries, at, SubmissionEntry.IORING_OP_NOP, -1,
                    SubmissionEntry.userData(entries, at) | VOID);
            SubmissionEntry.putFlags(entries, at, link);
            index++;
        }
        return index - before;
    }

    private boolean isLinked(int index) {
        return (SubmissionEntry.flags(entries, at(index)) & LINKS) != 0;
    }
}

package io.duramen.wal.os;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/// Where pieces of memory are listed for a vectored transfer: `struct iovec` of linux/uio.h,
/// address and length. It names memory and does not keep it allocated. One thread at a time.
public final class IovecList {
    /// As many pieces as one call takes: UIO_MAXIOV of linux/uio.h.
    public static final int CALL_PIECES_MAX = 1024;

    public static final long ENTRY_BYTES = 2 * Long.BYTES;

    private final MemorySegment memory;
    private int size;

    private IovecList(MemorySegment memory) {
        this.memory = memory;
    }

    public static IovecList allocate(SegmentAllocator allocator, int capacity) {
        return new IovecList(allocator.allocate(capacity * ENTRY_BYTES, Long.BYTES));
    }

    /// Adds a piece behind those that are listed.
    public void add(MemorySegment piece) {
        memory.setAtIndex(JAVA_LONG, 2L * size, piece.address());
        memory.setAtIndex(JAVA_LONG, 2L * size + 1, piece.byteSize());
        size++;
    }

    public void clear() {
        size = 0;
    }

    public int size() {
        return size;
    }

    /// How many more pieces there is room for.
    public int free() {
        return (int) (memory.byteSize() / ENTRY_BYTES) - size;
    }

    /// Address of the entry that is added next.
    public long endAddress() {
        return memory.address() + size * ENTRY_BYTES;
    }

    /// All entries, from the first on.
    public MemorySegment memory() {
        return memory;
    }
}

package io.duramen.wal.io.uring;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Where the pieces of vectored writes are listed: `struct iovec` of linux/uio.h, address and
/// length.
///
/// The kernel has read a list when it has taken the entry that names it, so the area starts over
/// whenever it has taken all of them.
final class IovecArea implements AutoCloseable {
    static final long IOVEC_BYTES = 2 * Long.BYTES;

    /// As many pieces as one write may have: UIO_MAXIOV of linux/uio.h.
    private static final int PIECES_MAX = 1024;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment iovecs = arena.allocate(PIECES_MAX * IOVEC_BYTES, Long.BYTES);
    private int used;

    int free() {
        return PIECES_MAX - used;
    }

    void startOver() {
        used = 0;
    }

    /// Adds a piece and returns the address of its iovec; those added next follow it.
    long add(MemorySegment bytes) {
        putAt(iovecs, used, bytes);
        return iovecs.address() + used++ * IOVEC_BYTES;
    }

    static void putAt(MemorySegment iovecs, int index, MemorySegment bytes) {
        iovecs.setAtIndex(JAVA_LONG, 2L * index, bytes.address());
        iovecs.setAtIndex(JAVA_LONG, 2L * index + 1, bytes.byteSize());
    }

    @Override
    public void close() {
        arena.close();
    }
}

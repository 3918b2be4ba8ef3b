package io.duramen.wal.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One piece of zeroed off-heap memory that starts on an aligned address, and its owner.
///
/// Any thread may use and close it. Closing frees the memory at once, and access through a segment
/// taken before then throws. A second close does nothing.
public final class AlignedBuffer implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    private AlignedBuffer(long sizeBytes, Alignment alignment) {
        try {
            memory = arena.allocate(sizeBytes, alignment.bytes());
        } catch (Throwable outOfMemory) {
            arena.close();
            throw outOfMemory;
        }
    }

    /// @param sizeBytes its size, which need not be a multiple of the alignment
    public static AlignedBuffer allocate(long sizeBytes, Alignment alignment) {
        if (sizeBytes <= 0) {
            throw new IllegalArgumentException("buffer size [" + sizeBytes + "] must be positive");
        }
        return new AlignedBuffer(sizeBytes, alignment);
    }

    public MemorySegment memory() {
        return memory;
    }

    public long sizeBytes() {
        return memory.byteSize();
    }

    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}

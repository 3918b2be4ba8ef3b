package io.duramen.wal.io;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// Operations that happen in order: each starts when the one before it is complete, and the first
/// that fails cancels those behind it.
public record IoChain(List<IoOperation> operations) {
    public IoChain {
        operations = List.copyOf(operations);
        if (operations.isEmpty()) {
            throw new IllegalArgumentException("a chain holds at least one operation");
        }
    }

    public static IoChain of(IoOperation... operations) {
        return new IoChain(List.of(operations));
    }

    /// A write that is on the device when it completes.
    public static IoChain durableWrite(IoFile file, MemorySegment bytes, long offset) {
        return of(new IoOperation.Write(file, bytes, offset), new IoOperation.Fdatasync(file));
    }
}

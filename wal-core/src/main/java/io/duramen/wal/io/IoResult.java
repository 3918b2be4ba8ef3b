package io.duramen.wal.io;

import io.duramen.wal.WalException;

/// How a chain ended.
public sealed interface IoResult {
    /// Bytes moved by all of the chain's reads and writes together, exactly.
    long transferredBytes();

    /// Every operation is complete. A read at the end of a file may have moved fewer bytes than it
    /// had room for; a write has moved all.
    record Done(long transferredBytes) implements IoResult {}

    /// An operation failed; those before it are complete, those behind it did not start.
    ///
    /// @param operationIndex which one, counted from 0
    record Failed(int operationIndex, long transferredBytes, WalException cause)
            implements IoResult {}

    /// The bytes moved, or the failure thrown.
    default long orThrow() {
        return switch (this) {
            case Done done -> done.transferredBytes();
            case Failed failed -> throw failed.cause();
        };
    }
}

package io.duramen.wal.io;

import io.duramen.wal.WalException;
import java.util.BitSet;

/// How a batch ended.
public sealed interface BatchResult {
    /// Every operation is complete, with every byte it asked for.
    record Done(long transferredBytes) implements BatchResult {}

    /// An operation failed. The batch was executed in parallel, so others may have happened, before
    /// and behind it.
    ///
    /// @param operationIndex the first that failed, counted from 0 in the order of the batch
    /// @param transferredBytes bytes moved by all operations together, exactly, those moved by
    ///     failed ones before they failed included
    /// @param complete the indexes of the operations that happened whole; the others failed or were
    ///     not started
    /// @param cause why the first one failed
    record Failed(int operationIndex, long transferredBytes, BitSet complete, WalException cause)
            implements BatchResult {}

    long transferredBytes();

    /// The bytes moved, or the failure thrown.
    default long orThrow() {
        return switch (this) {
            case Done done -> done.transferredBytes();
            case Failed failed -> throw failed.cause();
        };
    }
}

package io.duramen.wal.io;

import io.duramen.wal.WalException;
import java.util.List;

/// How a chain ended.
public sealed interface IoResult {
    /// Bytes moved by all of the chain's reads and writes together, exactly.
    long transferredBytes();

    /// Every operation is complete. A read at the end of a file may have moved fewer bytes than it
    /// had room for; a write has moved all.
    record Done(long transferredBytes) implements IoResult {}

    /// Not every operation is complete.
    ///
    /// In a linked chain one failed: those before it are complete, those behind it did not start.
    /// In a hard-linked chain every one that is not complete is listed; all others are. A transfer
    /// that failed may have moved a part, which is in the count of bytes.
    ///
    /// @param failures one or more, by ascending index
    record Failed(List<Failure> failures, long transferredBytes) implements IoResult {
        public Failed {
            failures = List.copyOf(failures);
            if (failures.isEmpty()) {
                throw new IllegalArgumentException("nothing failed");
            }
        }

        /// One operation failed.
        public Failed(int operationIndex, long transferredBytes, WalException cause) {
            this(List.of(new Failure(operationIndex, cause)), transferredBytes);
        }

        /// The first that failed, counted from 0.
        public int operationIndex() {
            return failures.getFirst().operationIndex();
        }

        /// Why that one failed.
        public WalException cause() {
            return failures.getFirst().cause();
        }
    }

    /// Why an operation failed.
    ///
    /// @param operationIndex which one, counted from 0
    /// @param cause `Cancelled` and `TimedOut` for those that were given up
    record Failure(int operationIndex, WalException cause) {}

    /// The end of a chain with these failures.
    static IoResult of(List<Failure> failures, long transferredBytes) {
        return failures.isEmpty() ? new Done(transferredBytes)
                : new Failed(failures, transferredBytes);
    }

    /// The bytes moved, or the first failure thrown.
    default long orThrow() {
        return switch (this) {
            case Done done -> done.transferredBytes();
            case Failed failed -> throw failed.cause();
        };
    }
}

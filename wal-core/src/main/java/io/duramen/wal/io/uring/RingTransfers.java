package io.duramen.wal.io.uring;

import io.duramen.wal.os.SubmissionEntry;
import io.duramen.wal.os.TransferCalls;
import java.util.function.IntUnaryOperator;

/// How a scheduler with a ring transfers bytes.
///
/// @param registered memory that the kernel keeps pinned
/// @param bytesMax what one entry moves at most
/// @param calls make the transfers beside the ring
/// @param reported sees the results of entries with nothing linked behind them before anyone acts
///     on them; a test can put one in its place that the kernel might as well have given
record RingTransfers(RegisteredMemory registered, long bytesMax, TransferCalls calls,
        IntUnaryOperator reported) {
    static RingTransfers of(RegisteredMemory registered) {
        return new RingTransfers(registered, SubmissionEntry.TRANSFER_BYTES_MAX,
                TransferCalls.KERNEL, IntUnaryOperator.identity());
    }
}

package io.duramen.wal.io.uring;

import io.duramen.wal.os.OpenFile;
import io.duramen.wal.os.SubmissionEntry;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/// How a scheduler with a ring transfers bytes.
///
/// @param registered memory that the kernel keeps pinned
/// @param bytesMax what one entry moves at most
/// @param files what makes the calls of a file beside the ring: mostly itself; a test can put
///     something in front
/// @param reported sees the results of entries with nothing linked behind them before anyone acts
///     on them; a test can put one in its place that the kernel might as well have given
record RingTransfers(RegisteredMemory registered, long bytesMax, UnaryOperator<OpenFile> files,
        IntUnaryOperator reported) {
    static RingTransfers of(RegisteredMemory registered) {
        return new RingTransfers(registered, SubmissionEntry.TRANSFER_BYTES_MAX,
                UnaryOperator.identity(), IntUnaryOperator.identity());
    }
}

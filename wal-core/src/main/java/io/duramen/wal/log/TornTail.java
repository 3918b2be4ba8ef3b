package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.ClosedEnd;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.FragmentName;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.fragment.FragmentTail;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.memory.AlignedBuffer;
import io.duramen.wal.memory.Alignment;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/// Cuts a torn tail: keeps a copy of its bytes beside the log, then zeroes them, each on the device
/// before the next step, so that no entry of it can ever appear behind a newer one.
///
/// @param endOfBytes behind the last byte that is not zero
record TornTail(LogDirectory directory, IoScheduler io, IoFile file, long firstId,
        FragmentScan scan, long endOfBytes) {
    private static final int PIECE_BYTES = 1 << 20;

    /// Looks for bytes behind the data, unless it is known that there are none.
    ///
    /// @param closed what the writer left that closed the log
    static long endOfBytes(IoScheduler io, IoFile file, FragmentScan scan, FragmentHeader header,
            Optional<ClosedEnd> closed) {
        boolean ends = closed.filter(it -> it.isOf(header)
                && it.endOfData() == scan.endOfData()).isPresent();
        return ends ? scan.endOfData() : FragmentTail.endOfBytes(io, file, scan.endOfData());
    }

    long sizeBytes() {
        return endOfBytes - scan.endOfData();
    }

    /// @return the copy
    /// @throws WalException.Io where the copy cannot be written; nothing was changed then
    Path cut(long nowNanos) {
        Path copy =
                directory.path().resolve(FragmentName.torn(firstId, scan.endOfData(), nowNanos));
        keep(copy);
        zero(io, file, scan.endOfData(), endOfBytes);
        io.execute(IoChain.of(new IoOperation.Fdatasync(file))).orThrow();
        return copy;
    }

    private void keep(Path copy) {
        IoFile evidence = directory.disk().create(copy);
        try (evidence;
                AlignedBuffer buffer = AlignedBuffer.allocate(
                        Math.min(PIECE_BYTES, sizeBytes()), Alignment.PAGE)) {
            copyTo(evidence, buffer);
            io.execute(IoChain.of(new IoOperation.Fsync(evidence))).orThrow();
        } catch (WalException failure) {
            deleteHalf(copy, failure);
            throw failure;
        }
        directory.disk().syncDirectory(directory.path());
    }

    private void deleteHalf(Path copy, WalException failure) {
        try {
            directory.disk().delete(copy);
        } catch (WalException second) {
            failure.addSuppressed(second);
        }
    }

    private void copyTo(IoFile evidence, AlignedBuffer buffer) {
        for (long at = scan.endOfData(); at < endOfBytes; at += PIECE_BYTES) {
            MemorySegment piece = piece(buffer, at, endOfBytes);
            io.execute(IoChain.of(new IoOperation.Read(file, piece, at),
                    new IoOperation.Write(evidence, piece, at - scan.endOfData()))).orThrow();
        }
    }

    private static MemorySegment piece(AlignedBuffer buffer, long at, long end) {
        return buffer.memory().asSlice(0, Math.min(PIECE_BYTES, end - at));
    }

    /// Writes zeros, and syncs nothing.
    static void zero(IoScheduler io, IoFile file, long from, long to) {
        if (from >= to) {
            return;
        }
        long bufferBytes = Math.min(PIECE_BYTES, to - from);
        try (AlignedBuffer zeros = AlignedBuffer.allocate(bufferBytes, Alignment.PAGE)) {
            for (long at = from; at < to; at += PIECE_BYTES) {
                io.execute(IoChain.of(new IoOperation.Write(file, piece(zeros, at, to), at)))
                        .orThrow();
            }
        }
    }
}

package io.duramen.wal.log;

import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.memory.Alignment;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The valid entries at a log's end that no witness says were durable, and the record of a close
/// behind the last entry, which no witness speaks of.
///
/// After a failed sync the kernel may hold bytes that never reached the device and that it takes
/// for clean, so that the next sync writes nothing and succeeds (Rebello et al., "Can Applications
/// Recover from fsync Failures?", USENIX ATC 2020). Recovery therefore writes these bytes again
/// before its own sync vouches for them.
record UnprovenTail(IoScheduler io, IoFile file, FragmentHeader header, FragmentScan scan) {
    private static final int PIECE_BYTES = 64 << 10;

    /// @param witness the highest id that is known to be durable, -1 for none
    void writeAgain(long witness) {
        long provenCount =
                Math.min(Math.max(0, witness - header.firstId() + 1), scan.index().count());
        long start = Alignment.PAGE.down(startOfLast(provenCount));
        if (start == scan.endOfData()) {
            return;
        }
        long bufferBytes = Math.min(PIECE_BYTES, scan.endOfData() - start);
        MemorySegment buffer = Arena.ofAuto().allocate(bufferBytes, Alignment.PAGE.bytes());
        for (long at = start; at < scan.endOfData(); at += PIECE_BYTES) {
            MemorySegment piece = buffer.asSlice(0, Math.min(PIECE_BYTES, scan.endOfData() - at));
            io.execute(IoChain.of(new IoOperation.Read(file, piece, at),
                    new IoOperation.Write(file, piece, at))).orThrow();
        }
    }

    /// Where the last proven entry starts: what counts lies behind it.
    private long startOfLast(long provenCount) {
        return provenCount == 0 ? FragmentGeometry.DATA_START
                : scan.index().offset(provenCount - 1);
    }
}

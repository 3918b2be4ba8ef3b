package io.duramen.wal.fragment;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.memory.AlignedBuffer;
import io.duramen.wal.memory.Alignment;
import java.lang.foreign.MemorySegment;

/// What lies behind the data of a fragment that is not sealed. Mostly nothing was ever written
/// there, and then nothing is read: to open a log costs no page cache for the space it has left.
public final class FragmentTail {
    private static final int PIECE_BYTES = 256 << 10;

    private FragmentTail() {
    }

    /// Where the last byte that is not zero lies, from the end of the data to the end of the file.
    ///
    /// @return the offset behind it; `endOfData` where all is zero
    /// @throws WalException.Io where what was written there cannot be read
    public static long endOfBytes(IoScheduler io, IoFile file, long endOfData) {
        long sizeBytes = file.sizeBytes();
        long at = file.dataFrom(endOfData);
        if (at >= sizeBytes) {
            return endOfData;
        }
        long end = endOfData;
        try (AlignedBuffer buffer = AlignedBuffer.allocate(PIECE_BYTES, Alignment.PAGE)) {
            while (at < sizeBytes) {
                MemorySegment piece =
                        buffer.memory().asSlice(0, Math.min(PIECE_BYTES, sizeBytes - at));
                io.execute(IoChain.of(new IoOperation.Read(file, piece, at))).orThrow();
                long endOfOthers = new UnusedSpace(piece).endOfOthers(0, piece.byteSize());
                end = endOfOthers > 0 ? at + endOfOthers : end;
                at = file.dataFrom(at + piece.byteSize());
            }
        }
        return end;
    }
}

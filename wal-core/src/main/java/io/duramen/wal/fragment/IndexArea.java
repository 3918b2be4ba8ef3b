package io.duramen.wal.fragment;

import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.memory.AlignedBuffer;
import io.duramen.wal.memory.Alignment;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/// Writes the index of a fragment that is being sealed, in pieces of bounded size.
final class IndexArea {
    private static final int PIECE_BYTES = 64 * 1024;
    private static final int PIECE_WORDS = PIECE_BYTES / FragmentGeometry.INDEX_WORD_BYTES;

    private final IoScheduler io;
    private final IoFile file;
    private final FragmentGeometry geometry;

    IndexArea(IoScheduler io, IoFile file, FragmentGeometry geometry) {
        this.io = io;
        this.file = file;
        this.geometry = geometry;
    }

    /// @return the CRC32C of the area, in file order
    int write(EntryIndex index) {
        CRC32C crc = new CRC32C();
        try (AlignedBuffer buffer = AlignedBuffer.allocate(PIECE_BYTES, Alignment.PAGE)) {
            for (long to = index.count(); to > 0;) {
                long from = Math.max(0, to - PIECE_WORDS);
                MemorySegment piece =
                        buffer.memory().asSlice(0, (to - from) * FragmentGeometry.INDEX_WORD_BYTES);
                index.writeTo(piece, from, to);
                crc.update(piece.asByteBuffer());
                io.execute(IoChain.of(new IoOperation.Write(file, piece, geometry.indexStart(to))))
                        .orThrow();
                to = from;
            }
        }
        return (int) crc.getValue();
    }

    /// The CRC32C of the index area of a mapped, sealed fragment.
    static int checksumOf(MemorySegment fragment, FragmentGeometry geometry, long entryCount) {
        CRC32C crc = new CRC32C();
        long start = geometry.indexStart(entryCount);
        for (long at = start; at < geometry.footerStart(); at += PIECE_BYTES) {
            long bytes = Math.min(PIECE_BYTES, geometry.footerStart() - at);
            crc.update(fragment.asSlice(at, bytes).asByteBuffer());
        }
        return (int) crc.getValue();
    }
}

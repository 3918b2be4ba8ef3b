package io.duramen.wal.fragment;

import io.duramen.wal.format.FragmentGeometry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The last block of a fragment that is written in whole blocks: the part of it that is data. The
/// next group is written together with this part, so that the block is rewritten as it was, and
/// longer.
///
/// A rewrite that a power failure tears leaves each sector old or new; what was data before is the
/// same in both.
///
/// Belongs to the fragment's writer.
public final class TailBlock {
    private static final int BLOCK_BYTES = FragmentGeometry.BLOCK_BYTES;

    /// As long as the data was at most: of many logs most have little.
    private byte[] bytes = new byte[0];
    private int dataBytes;

    /// Of a fragment whose data ends at a block's end.
    public TailBlock() {
        // empty
    }

    /// Where the block lies whose data ends at `endOfData`.
    public static long startOf(long endOfData) {
        return endOfData / BLOCK_BYTES * BLOCK_BYTES;
    }

    /// Takes the end of what lies in the file.
    ///
    /// @param written from the start of some block to the end of the data
    public void keep(MemorySegment written) {
        dataBytes = (int) (written.byteSize() % BLOCK_BYTES);
        if (bytes.length < dataBytes) {
            bytes = new byte[Math.min(BLOCK_BYTES, Math.max(dataBytes, 2 * bytes.length))];
        }
        MemorySegment.copy(written, ValueLayout.JAVA_BYTE, written.byteSize() - dataBytes, bytes, 0,
                dataBytes);
    }

    /// Bytes of data in the block; 0 where data ends at a block's end.
    public int dataBytes() {
        return dataBytes;
    }

    void copyTo(MemorySegment buffer) {
        MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, dataBytes);
    }
}

package io.duramen.wal.fragment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Looks for what is not zero.
final class Zeros {
    private static final MemorySegment BLOCK = MemorySegment.ofArray(new byte[4096]).asReadOnly();

    private Zeros() {
    }

    /// Offset of the first byte that is not zero, -1 where all are; at most one block long.
    static long firstOther(MemorySegment block) {
        return block.mismatch(BLOCK.asSlice(0, block.byteSize()));
    }

    /// Offset behind the last byte that is not zero.
    static long endOfOthers(MemorySegment block) {
        long end = block.byteSize();
        while (end > 0 && block.get(ValueLayout.JAVA_BYTE, end - 1) == 0) {
            end--;
        }
        return end;
    }
}

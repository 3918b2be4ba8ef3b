package io.duramen.wal.fragment;

import io.duramen.wal.format.FragmentGeometry;
import java.lang.foreign.MemorySegment;

/// Bytes of a fragment that hold nothing, and so must be zero.
record UnusedSpace(MemorySegment bytes) {
    /// The first byte that is not zero, `to` where all are.
    long firstOther(long from, long to) {
        for (long start = from; start < to;) {
            long end = Math.min(to, (start / FragmentGeometry.BLOCK_BYTES + 1)
                    * FragmentGeometry.BLOCK_BYTES);
            long other = Zeros.firstOther(bytes.asSlice(start, end - start));
            if (other >= 0) {
                return start + other;
            }
            start = end;
        }
        return to;
    }

    /// The offset behind the last byte that is not zero, `from` where all are.
    long endOfOthers(long from, long to) {
        for (long end = to; end > from;) {
            long start = Math.max(from,
                    (end - 1) / FragmentGeometry.BLOCK_BYTES * FragmentGeometry.BLOCK_BYTES);
            MemorySegment block = bytes.asSlice(start, end - start);
            if (Zeros.firstOther(block) >= 0) {
                return start + Zeros.endOfOthers(block);
            }
            end = start;
        }
        return from;
    }
}

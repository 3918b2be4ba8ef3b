package io.duramen.wal.fragment;

import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.GroupRecord;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Bytes of a fragment that hold nothing, and so must be zero.
record UnusedSpace(MemorySegment bytes) {
    private static final ValueLayout.OfLong U64 =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int WORD_BYTES = 8;
    private static final int CLOSING_WORDS = GroupRecord.BYTES / WORD_BYTES;

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

    /// True where the bytes at the end of the data are, but for one field, the record that a clean
    /// close leaves. A write that was cut short would lack its end, and leave zeros.
    boolean isDamagedClosingRecord(long at, long to, long nextId) {
        if (to - at < GroupRecord.BYTES || endOfOthers(at, to) > at + GroupRecord.BYTES
                || word(at, CLOSING_WORDS - 1) == 0) {
            return false;
        }
        int expected = 0;
        expected += (int) word(at, 0) == (int) (1L << 31) + GroupRecord.BYTES - EntryHeader.BYTES
                ? 1 : 0;
        expected += word(at, 1) == 1 ? 1 : 0; // kind of a group record, no entries
        expected += word(at, 2) == nextId ? 1 : 0;
        expected += word(at, 3) == nextId - 1 ? 1 : 0;
        expected += word(at, 5) == GroupRecord.BYTES ? 1 : 0;
        return expected >= 4;
    }

    private long word(long at, int number) {
        return bytes.get(U64, at + (long) number * WORD_BYTES);
    }
}

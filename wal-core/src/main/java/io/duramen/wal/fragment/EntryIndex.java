package io.duramen.wal.fragment;

import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.FragmentGeometry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Where the entries of a fragment that still grows start, by their number in it.
///
/// One thread adds. Any thread may look up an entry that it has learned of through a volatile read
/// (the log's visible id) which the adding thread wrote later than the entry's word here.
public final class EntryIndex {
    private static final int CHUNK_BITS = 10;
    private static final int CHUNK_WORDS = 1 << CHUNK_BITS;
    private static final ValueLayout.OfInt WORD =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Volatile for who meets a newer array than the one that its entry was put into.
    private volatile int[][] chunks = new int[1][];
    private long count;

    EntryIndex() {
        // empty
    }

    void add(long offset) {
        int chunk = (int) (count >>> CHUNK_BITS);
        if (chunk == chunks.length) {
            chunks = Arrays.copyOf(chunks, chunks.length * 2);
        }
        if (chunks[chunk] == null) {
            chunks[chunk] = new int[CHUNK_WORDS];
        }
        chunks[chunk][(int) (count & (CHUNK_WORDS - 1))] = wordOf(offset);
        count++;
    }

    /// Forgets the entries from this number on.
    void cutTo(long entryCount) {
        assert entryCount <= count;
        count = entryCount;
    }

    public long count() {
        return count;
    }

    /// Where entry `number`, counted from 0, starts in the file.
    public long offset(long number) {
        return offsetOf(chunks[(int) (number >>> CHUNK_BITS)][(int) (number & (CHUNK_WORDS - 1))]);
    }

    /// Writes the words of entries `from` to `to`, exclusive, as they lie in the file: the highest
    /// number first.
    void writeTo(MemorySegment target, long from, long to) {
        for (long number = to - 1, at = 0; number >= from;
                number--, at += FragmentGeometry.INDEX_WORD_BYTES) {
            target.set(WORD, at, wordOf(offset(number)));
        }
    }

    /// The offset that the word of a sealed fragment's index area at `at` tells.
    static long readOffset(MemorySegment fragment, long at) {
        return offsetOf(fragment.get(WORD, at));
    }

    private static int wordOf(long offset) {
        return (int) (offset / EntryHeader.ALIGNMENT);
    }

    private static long offsetOf(int word) {
        return Integer.toUnsignedLong(word) * EntryHeader.ALIGNMENT;
    }
}

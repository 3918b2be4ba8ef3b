package io.duramen.wal.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongConsumer;

/// Every way in which one bit of a piece of memory can be wrong.
public final class BitFlips {
    private BitFlips() {}

    /// Flips one bit after the other, shows each state, and mends it.
    ///
    /// @param whileFlipped told the number of the wrong bit, counted from the memory's start
    public static void each(MemorySegment bytes, long from, long to, LongConsumer whileFlipped) {
        for (long bit = from * 8; bit < to * 8; bit++) {
            flip(bytes, bit);
            whileFlipped.accept(bit);
            flip(bytes, bit);
        }
    }

    public static void flip(MemorySegment bytes, long bit) {
        byte before = bytes.get(ValueLayout.JAVA_BYTE, bit / 8);
        bytes.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (before ^ 1 << bit % 8));
    }
}

package io.duramen.wal.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The pattern that fills what nobody may write to: a slot that nobody holds, and the guards around
/// it. A write by somebody all the same shows.
final class Canary {
    /// No letter, no number of a sane size, no zero.
    static final byte PATTERN = (byte) 0xDB;

    private Canary() {}

    static void fill(MemorySegment slot) {
        slot.fill(PATTERN);
    }

    /// Where the first byte is that somebody wrote to, or -1.
    static long firstDamage(MemorySegment slot) {
        assert slot.byteSize() > 0 : "a slot has bytes";
        if (slot.get(ValueLayout.JAVA_BYTE, 0) != PATTERN) {
            return 0;
        }
        // Each byte equals the one before it exactly when all of them equal the first.
        long end = slot.byteSize();
        long mismatch = slot.asSlice(1).mismatch(slot.asSlice(0, end - 1));
        return mismatch < 0 ? -1 : mismatch + 1;
    }
}

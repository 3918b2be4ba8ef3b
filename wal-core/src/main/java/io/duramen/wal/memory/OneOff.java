package io.duramen.wal.memory;

import java.lang.foreign.MemorySegment;

/// A buffer that is not a slot; in a strict pool a guard lies behind it.
///
/// @param buffer with the guard
/// @param memory without
record OneOff(AlignedBuffer buffer, MemorySegment memory) {
    static OneOff allocate(long sizeBytes, boolean strict) {
        AlignedBuffer buffer = AlignedBuffer.allocate(
                sizeBytes + (strict ? Alignment.PAGE.bytes() : 0), Alignment.PAGE);
        if (strict) {
            Canary.fill(buffer.memory().asSlice(sizeBytes));
        }
        return new OneOff(buffer, buffer.memory().asSlice(0, sizeBytes));
    }

    /// Frees it.
    ///
    /// @return what was done to the guard, as the predicate of a sentence, or null
    String release() {
        long size = memory.byteSize();
        long damage = buffer.sizeBytes() == size ? -1
                : Canary.firstDamage(buffer.memory().asSlice(size));
        buffer.close();
        return damage < 0 ? null : "was written to outside its bounds: at offset "
                + (size + damage) + " of its " + size + " bytes";
    }
}

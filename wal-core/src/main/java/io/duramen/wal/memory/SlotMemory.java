package io.duramen.wal.memory;

import java.lang.foreign.MemorySegment;

/// The memory of a pool's slots, in one slab.
///
/// In a strict pool a guard lies before and behind each slot; guards, and slots that nobody holds,
/// are full of the [Canary]'s pattern.
///
/// ```
///  strict:  | guard | slot 0 | guard | slot 1 | guard |     lenient:  | slot 0 | slot 1 |
/// ```
///
/// Any thread may call for a slot that it holds.
final class SlotMemory implements AutoCloseable {
    /// Keeps the slots aligned.
    private static final long GUARD_BYTES = Alignment.PAGE.bytes();

    private final Slab slab;
    private final int slotBytes;
    private final boolean strict;
    private final long guardBytes;

    SlotMemory(BufferPoolSettings settings) {
        slotBytes = settings.slotBytes();
        strict = settings.strict();
        guardBytes = strict ? GUARD_BYTES : 0;
        slab = new Slab(settings.name(), offset(settings.slots()), settings.slab(),
                strict ? Canary.PATTERN : 0);
    }

    private long offset(int slot) {
        return guardBytes + slot * (slotBytes + guardBytes);
    }

    MemorySegment slab() {
        return slab.memory();
    }

    SlabState state() {
        return slab.state();
    }

    MemorySegment of(int slot) {
        return slab.memory().asSlice(offset(slot), slotBytes);
    }

    /// Makes a slot that came back show who writes to it now.
    void poison(int slot) {
        if (strict) {
            Canary.fill(of(slot));
        }
    }

    /// Offset of the first byte of a free slot that somebody wrote to, or -1.
    long firstDamage(int slot) {
        return strict ? Canary.firstDamage(of(slot)) : -1;
    }

    /// Looks whether the guards around a slot are whole, and mends them.
    ///
    /// @return what is wrong, as the predicate of a sentence about the slot, or null
    String mendGuards(int slot) {
        if (!strict) {
            return null;
        }
        long behind = mend(offset(slot) + slotBytes);
        long before = mend(offset(slot) - guardBytes);
        if (behind >= 0) {
            return "or the one behind it was written to outside its bounds: at offset "
                    + (slotBytes + behind) + " of its " + slotBytes + " bytes";
        }
        return before < 0 ? null : "or the one before it was written to outside its bounds: "
                + (guardBytes - before) + " bytes before its start";
    }

    private long mend(long guardOffset) {
        MemorySegment guard = slab.memory().asSlice(guardOffset, guardBytes);
        long damage = Canary.firstDamage(guard);
        if (damage >= 0) {
            Canary.fill(guard);
        }
        return damage;
    }

    @Override
    public void close() {
        slab.close();
    }
}

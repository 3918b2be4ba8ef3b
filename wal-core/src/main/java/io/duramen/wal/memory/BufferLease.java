package io.duramen.wal.memory;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/// The right to use a buffer of a [BufferPool] until it is given back.
///
/// It starts with one reference, held by whoever acquired it; [#retain()] adds one for another
/// holder, and every holder closes once. The last close gives the buffer back, and then this object
/// is dead for good: the next user of the slot gets another one.
///
/// Any thread may call. What the memory holds at first is left over from its last user.
public final class BufferLease implements AutoCloseable {
    private static final int UNPOOLED = -1;

    private final BufferPool pool;
    private final MemorySegment memory;
    private final int slot;
    private final AlignedBuffer oneOff;
    private final AtomicInteger references = new AtomicInteger(1);

    private BufferLease(BufferPool pool, MemorySegment memory, int slot, AlignedBuffer oneOff) {
        this.pool = pool;
        this.memory = memory;
        this.slot = slot;
        this.oneOff = oneOff;
    }

    static BufferLease ofSlot(BufferPool pool, int slot, MemorySegment memory) {
        return new BufferLease(pool, memory, slot, null);
    }

    static BufferLease ofOneOff(BufferPool pool, AlignedBuffer oneOff) {
        return new BufferLease(pool, oneOff.memory(), UNPOOLED, oneOff);
    }

    /// The whole buffer. Who keeps the segment must not use it after giving its reference back.
    ///
    /// @throws IllegalStateException when the last reference was given back
    public MemorySegment memory() {
        if (references.get() <= 0) {
            throw new IllegalStateException(this + " was given back");
        }
        return memory;
    }

    public long sizeBytes() {
        return memory.byteSize();
    }

    /// False for a one-off buffer, whose memory is freed when it is given back.
    public boolean isPooled() {
        return slot != UNPOOLED;
    }

    /// Adds a reference, to be closed by whom it is handed to.
    ///
    /// @return this lease
    /// @throws IllegalStateException when the last reference was given back
    public BufferLease retain() {
        int before =
                references.getAndUpdate(count -> count > 0 ? Math.incrementExact(count) : count);
        if (before <= 0) {
            throw new IllegalStateException(this + " was given back and cannot be retained");
        }
        return this;
    }

    /// The first `usedBytes`, filled up to the next multiple of the alignment with zeros: what to
    /// write where a disk takes whole blocks only, without a byte of the buffer's last user.
    ///
    /// @throws IllegalArgumentException when the buffer ends before the padding does
    public MemorySegment paddedTo(Alignment alignment, long usedBytes) {
        long paddedBytes = alignment.up(usedBytes);
        if (paddedBytes > sizeBytes()) {
            throw new IllegalArgumentException(
                    usedBytes + " bytes padded to a multiple of " + alignment.bytes()
                            + " do not fit " + this + ", which has " + sizeBytes());
        }
        MemorySegment padded = memory().asSlice(0, paddedBytes);
        padded.asSlice(usedBytes).fill((byte) 0);
        return padded;
    }

    /// Gives one reference back. One close too many throws where the pool is strict, and is counted
    /// and ignored where it is not.
    ///
    /// @throws IllegalStateException when a strict pool got this lease back already
    @Override
    public void close() {
        int before = references.getAndUpdate(count -> count > 0 ? count - 1 : count);
        if (before <= 0) {
            pool.onReleasedTwice(this);
        } else if (before == 1) {
            giveBack();
        }
    }

    private void giveBack() {
        if (isPooled()) {
            pool.giveBack(slot);
        } else {
            pool.giveBack(oneOff);
        }
    }

    @Override
    public String toString() {
        return (isPooled() ? "slot " + slot : "one-off buffer") + " of buffer pool '" + pool.name()
                + "'";
    }
}

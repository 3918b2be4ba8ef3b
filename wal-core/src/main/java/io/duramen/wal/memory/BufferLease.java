package io.duramen.wal.memory;

import io.duramen.wal.WalException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/// The right to use a buffer of a [BufferPool] until it is given back. Then this object is dead for
/// good: the next user of the slot gets another one.
///
/// Any thread may call. What the memory holds at first is left over from its last user.
public final class BufferLease implements AutoCloseable {
    static final int UNPOOLED = -1;

    private final BufferPool pool;
    private final MemorySegment memory;
    private final int slot;
    private final OneOff oneOff;
    private final LeakDetector.Trace trace;
    private final AtomicBoolean givenBack = new AtomicBoolean();

    private BufferLease(BufferPool pool, MemorySegment memory, int slot, OneOff oneOff,
            Throwable site) {
        this.pool = pool;
        this.memory = memory;
        this.slot = slot;
        this.oneOff = oneOff;
        this.trace = pool.leaks().observe(this, site);
    }

    static BufferLease ofSlot(BufferPool pool, int slot, MemorySegment memory, Throwable site) {
        return new BufferLease(pool, memory, slot, null, site);
    }

    static BufferLease ofOneOff(BufferPool pool, OneOff oneOff, Throwable site) {
        return new BufferLease(pool, oneOff.memory(), UNPOOLED, oneOff, site);
    }

    /// The whole buffer. Who keeps the segment must not use it after giving the lease back.
    ///
    /// @throws WalException.BufferMisuse when it was given back
    public MemorySegment memory() {
        if (givenBack.get()) {
            throw misuse("was given back and cannot be used any more");
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

    /// Gives the buffer back. A second close throws where the pool is strict, and is counted and
    /// ignored where it is not. A strict pool looks at the memory around the buffer too.
    ///
    /// @throws WalException.BufferMisuse when a strict pool got this lease back already, or finds
    ///     that somebody wrote outside the buffer's bounds; the buffer is given back all the same
    @Override
    public void close() {
        if (!givenBack.compareAndSet(false, true)) {
            pool.onMisuse(misuse("was given back once too often"));
            return;
        }
        pool.leaks().onGivenBack(trace);
        if (isPooled()) {
            pool.giveBack(slot);
        } else {
            pool.giveBack(oneOff);
        }
    }

    /// Null where it is not observed for a leak.
    LeakDetector.Trace trace() {
        return trace;
    }

    private WalException.BufferMisuse misuse(String what) {
        return new WalException.BufferMisuse(pool.name(), slot, what);
    }

    @Override
    public String toString() {
        return (isPooled() ? "slot " + slot : "one-off buffer") + " of buffer pool '" + pool.name()
                + "'";
    }
}

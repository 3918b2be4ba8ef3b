package io.duramen.wal.bytes;

import java.lang.foreign.MemorySegment;
import java.nio.BufferOverflowException;
import net.openhft.chronicle.bytes.Bytes;

/// Writes one payload where it will lie.
///
/// Each claim has its own `Bytes`, so that who keeps them from an earlier claim cannot reach the
/// memory of a later one. Writing past the end throws; the bytes do not grow. One thread at a time,
/// also for detaching.
public final class PayloadClaim {
    private final ClaimStore store;
    private final Bytes<Void> bytes;

    /// @param memory off-heap memory that stays valid until the claim is detached
    public PayloadClaim(MemorySegment memory) {
        QuietStart.ensure();
        store = new ClaimStore();
        store.attach(memory, 0, memory.byteSize());
        bytes = store.bytesForWrite();
    }

    public Bytes<Void> bytes() {
        return bytes;
    }

    /// How many bytes were written from the start on.
    public long writtenBytes() {
        return bytes.writePosition();
    }

    /// Lets go of the memory, for good: every access through the bytes throws from now on.
    public void detach() {
        store.detach();
    }

    private static final class ClaimStore extends GatedStore {
        @Override
        void toWrite(long offset, long sizeBytes) {
            if (!holds(offset, sizeBytes)) {
                throw new BufferOverflowException();
            }
        }
    }
}

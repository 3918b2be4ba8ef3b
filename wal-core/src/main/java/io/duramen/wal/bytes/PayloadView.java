package io.duramen.wal.bytes;

import java.lang.foreign.MemorySegment;
import java.nio.ReadOnlyBufferException;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.VanillaBytes;

/// Reads payloads where they lie, one after the other, through one store that is pointed at each in
/// turn without allocating.
///
/// The store is good until the view moves on; it must not be released. Writing to it throws. One
/// thread at a time.
public final class PayloadView {
    private final ReadOnlyStore store;

    /// A view of nothing yet.
    public PayloadView() {
        QuietStart.ensure();
        store = new ReadOnlyStore();
    }

    /// @param memory off-heap memory that stays valid until the view moves on or is detached
    /// @return the same store every time
    public BytesStore<?, Void> pointTo(MemorySegment memory, long offset, long sizeBytes) {
        store.attach(memory, offset, sizeBytes);
        return store;
    }

    public BytesStore<?, Void> pointTo(MemorySegment payload) {
        return pointTo(payload, 0, payload.byteSize());
    }

    /// Lets go of the memory: the store throws until it is pointed at something again.
    public void detach() {
        store.detach();
    }

    private static final class ReadOnlyStore extends GatedStore {
        @Override
        void toWrite(long offset, long sizeBytes) {
            requireAttached();
            throw new ReadOnlyBufferException();
        }

        @Override
        VanillaBytes<Void> newBytes() {
            return new ReadOnlyBytes(this);
        }
    }

    /// Text reaches the memory past the store, but not past here.
    private static final class ReadOnlyBytes extends VanillaBytes<Void> {
        private ReadOnlyBytes(ReadOnlyStore store) {
            super(store, 0, store.capacity());
        }

        @Override
        protected long writeOffsetPositionMoved(long adding, long advance) {
            throw new ReadOnlyBufferException();
        }
    }
}

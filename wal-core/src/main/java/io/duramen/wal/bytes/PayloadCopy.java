package io.duramen.wal.bytes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.openhft.chronicle.bytes.BytesStore;

/// Copies what a Chronicle store holds, from its read position to its read limit. The store is left
/// as it is, and may live on the heap or off it.
public final class PayloadCopy {
    private PayloadCopy() {}

    /// @return the bytes copied, the store's `readRemaining`
    /// @throws IndexOutOfBoundsException when they do not fit behind `offset`; nothing is copied
    ///     then
    public static long copy(BytesStore<?, ?> payload, MemorySegment into, long offset) {
        long sizeBytes = payload.readRemaining();
        MemorySegment target = into.asSlice(offset, sizeBytes);
        if (sizeBytes == 0) {
            return 0;
        }
        if (payload.isDirectMemory()) {
            target.copyFrom(memoryOf(payload, sizeBytes));
        } else {
            copyFromHeap(payload, target);
        }
        return sizeBytes;
    }

    /// Restricted, because the size is our word alone; it is the store's own.
    @SuppressWarnings("restricted")
    private static MemorySegment memoryOf(BytesStore<?, ?> payload, long sizeBytes) {
        return MemorySegment.ofAddress(payload.addressForRead(payload.readPosition()))
                .reinterpret(sizeBytes);
    }

    /// Through values: a store says neither where in an array its bytes begin nor that there is
    /// one.
    private static void copyFromHeap(BytesStore<?, ?> payload, MemorySegment target) {
        long start = payload.readPosition();
        long sizeBytes = target.byteSize();
        long i = 0;
        for (; i <= sizeBytes - Long.BYTES; i += Long.BYTES) {
            target.set(ValueLayout.JAVA_LONG_UNALIGNED, i, payload.readLong(start + i));
        }
        for (; i < sizeBytes; i++) {
            target.set(ValueLayout.JAVA_BYTE, i, payload.readByte(start + i));
        }
    }
}

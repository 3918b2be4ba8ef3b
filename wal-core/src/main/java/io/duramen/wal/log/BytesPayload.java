package io.duramen.wal.log;

import io.duramen.wal.bytes.PayloadCopy;
import io.duramen.wal.fragment.Payload;
import java.lang.foreign.MemorySegment;
import net.openhft.chronicle.bytes.BytesStore;

/// The readable part of a Chronicle `BytesStore` as a payload.
record BytesPayload(BytesStore<?, ?> bytes) implements Payload {
    @Override
    public int sizeBytes() {
        return Math.toIntExact(bytes.readRemaining());
    }

    @Override
    public void copyTo(MemorySegment target, long offset) {
        PayloadCopy.copy(bytes, target, offset);
    }
}

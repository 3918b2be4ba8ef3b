package io.duramen.wal.streams;

import io.duramen.wal.fragment.Payload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.apache.pekko.util.ByteString;

/// A byte string as an entry's payload; copied piece by piece, straight to where it is written
/// from.
record ByteStringPayload(ByteString bytes) implements Payload {
    @Override
    public int sizeBytes() {
        return bytes.size();
    }

    @Override
    public void copyTo(MemorySegment target, long offset) {
        if (bytes.isCompact()) { // one whole array: no object is made for it
            byte[] array = bytes.toArrayUnsafe();
            MemorySegment.copy(array, 0, target, ValueLayout.JAVA_BYTE, offset, array.length);
            return;
        }
        long at = offset;
        for (ByteBuffer piece : bytes.getByteBuffers()) {
            MemorySegment from = MemorySegment.ofBuffer(piece);
            MemorySegment.copy(from, 0, target, at, from.byteSize());
            at += from.byteSize();
        }
    }
}

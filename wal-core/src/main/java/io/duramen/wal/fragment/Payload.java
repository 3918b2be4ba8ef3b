package io.duramen.wal.fragment;

import io.duramen.wal.format.EntryHeader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// The bytes of one entry to be, wherever they are. They are read once, when the entry is encoded;
/// whoever hands a payload over leaves its bytes unchanged until then.
public interface Payload {
    int sizeBytes();

    /// Bytes its entry takes in the file, which are a few more.
    default long entryBytes() {
        return EntryHeader.entryBytes(sizeBytes());
    }

    /// Copies all bytes to `target` from `offset` on.
    void copyTo(MemorySegment target, long offset);

    static Payload of(byte[] bytes) {
        return of(MemorySegment.ofArray(bytes));
    }

    /// The bytes between position and limit; the buffer's position stays.
    static Payload of(ByteBuffer bytes) {
        return of(MemorySegment.ofBuffer(bytes));
    }

    static Payload of(MemorySegment bytes) {
        return new SegmentPayload(bytes);
    }

    /// A payload that lies in memory in one piece.
    record SegmentPayload(MemorySegment bytes) implements Payload {
        @Override
        public int sizeBytes() {
            return Math.toIntExact(bytes.byteSize());
        }

        @Override
        public void copyTo(MemorySegment target, long offset) {
            MemorySegment.copy(bytes, 0, target, offset, bytes.byteSize());
        }
    }
}

package io.duramen.wal.format;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// A segment as byte buffers, for the interfaces that take nothing else. A buffer reaches almost 2
/// GiB and a fragment may be larger, so the windows start every GiB and overlap: whatever starts in
/// one at a multiple of 8 and is shorter than 1 GiB lies whole inside it.
///
/// The buffers carry a position, so an instance belongs to one thread at a time.
final class ByteWindows {
    private static final int STRIDE_BITS = 30;
    /// The most that `asByteBuffer` takes: 2^31 - 9, which is just enough.
    private static final int WINDOW_BYTES_MAX = Integer.MAX_VALUE - 8;

    private final ByteBuffer[] windows;

    ByteWindows(MemorySegment segment) {
        long sizeBytes = segment.byteSize();
        MemorySegment stable = withoutSession(segment);
        // one for the very end too, where an empty payload may lie
        int count = (int) (sizeBytes >>> STRIDE_BITS) + 1;
        windows = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            long start = (long) i << STRIDE_BITS;
            long windowBytes = Math.min(WINDOW_BYTES_MAX, sizeBytes - start);
            windows[i] = stable.asSlice(start, windowBytes).asByteBuffer();
        }
    }

    /// The shared buffer over this range, positioned on it; valid until the next call.
    ByteBuffer at(long offset, int lengthBytes) {
        int window = (int) (offset >>> STRIDE_BITS);
        int start = (int) (offset - ((long) window << STRIDE_BITS));
        return windows[window].limit(start + lengthBytes).position(start);
    }

    /// The same memory without its arena. Every use of a buffer over a shared arena would count
    /// itself in and out of it, which costs more than the checksum of a small entry; whoever made
    /// this instance keeps the memory alive as long as it.
    @SuppressWarnings("restricted")
    private static MemorySegment withoutSession(MemorySegment segment) {
        return segment.isNative()
                ? MemorySegment.ofAddress(segment.address()).reinterpret(segment.byteSize())
                : segment;
    }
}

package io.duramen.wal.format;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// A segment as byte buffers, for the interfaces that take nothing else. A buffer reaches 2 GiB and
/// a fragment may be larger, so the windows start every GiB and overlap: whatever starts in one and
/// is at most 1 GiB long lies whole inside it.
///
/// The buffers carry a position, so an instance belongs to one thread at a time.
final class ByteWindows {
    private static final int STRIDE_BITS = 30;

    private final ByteBuffer[] windows;

    ByteWindows(MemorySegment segment) {
        long sizeBytes = segment.byteSize();
        int count = (int) Math.max(1, (sizeBytes + (1L << STRIDE_BITS) - 1) >>> STRIDE_BITS);
        windows = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            long start = (long) i << STRIDE_BITS;
            windows[i] = segment.asSlice(start, Math.min(Integer.MAX_VALUE, sizeBytes - start))
                    .asByteBuffer();
        }
    }

    /// The shared buffer over this range, positioned on it; valid until the next call.
    ByteBuffer at(long offset, int lengthBytes) {
        int window = (int) (offset >>> STRIDE_BITS);
        int start = (int) (offset - ((long) window << STRIDE_BITS));
        return windows[window].limit(start + lengthBytes).position(start);
    }
}

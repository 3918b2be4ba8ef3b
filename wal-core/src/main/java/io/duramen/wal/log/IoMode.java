package io.duramen.wal.log;

import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.memory.Alignment;
import java.util.Locale;

/// How groups get from memory into a fragment. The format is the same, a log may be opened with
/// another mode each time, and reading is by mapping in all of them.
public enum IoMode {
    /// Encoded in a buffer and written from there through the page cache.
    BUFFERED,
    /// Encoded in a buffer and written past the page cache (O_DIRECT), in whole blocks: the last
    /// one is written again with the next group. For much data that is not read soon.
    DIRECT,
    /// Stored straight into the mapped file; a write needs no system call, a sync does. For the
    /// lowest latency where `WRITTEN` is enough.
    MAPPED;

    private static final int BLOCK_BYTES = FragmentGeometry.BLOCK_BYTES;

    /// @param name as settings spell it: `buffered`, `direct` or `mapped`
    /// @throws IllegalArgumentException for anything else
    public static IoMode named(String name) {
        for (IoMode mode : values()) {
            if (mode.toString().equals(name)) {
                return mode;
            }
        }
        throw new IllegalArgumentException(
                "there is no I/O mode \"" + name + "\", there are buffered, direct and mapped");
    }

    /// Bytes of a buffer that takes a group of this size, wherever in a block the group starts.
    public long bufferBytesFor(long groupBytes) {
        return this == DIRECT ? Alignment.PAGE.up(groupBytes + BLOCK_BYTES) : groupBytes;
    }

    /// The largest group that a buffer takes, wherever in a block the group starts.
    public long groupBytesMax(long bufferBytes) {
        return this == DIRECT ? bufferBytes - BLOCK_BYTES : bufferBytes;
    }

    /// The name as settings spell it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

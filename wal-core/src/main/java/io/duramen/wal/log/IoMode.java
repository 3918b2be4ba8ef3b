package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.io.Disk;
import io.duramen.wal.memory.Alignment;
import java.nio.file.Path;
import java.util.Locale;

/// How groups get from memory into a fragment. The format is the same, a log may be opened with
/// another mode each time, and reading is by mapping in all of them.
public enum IoMode {
    /// As [#DIRECT] for a group that is large, or that is synced at once while nobody in this
    /// process reads the fragment it goes to; as [#BUFFERED] for any other, so that who reads along
    /// finds it in the page cache. On a file system without direct I/O it is [#BUFFERED].
    AUTO,
    /// Encoded in a buffer and written from there through the page cache.
    BUFFERED,
    /// Encoded in a buffer and written past the page cache (O_DIRECT), in whole blocks: the last
    /// one is written again with the next group. For much data that is not read soon.
    DIRECT,
    /// Stored straight into the mapped file; a write needs no system call, a sync does. For the
    /// lowest latency where `WRITTEN` is enough.
    MAPPED;

    private static final int BLOCK_BYTES = FragmentGeometry.BLOCK_BYTES;

    /// @param name as settings spell it: `auto`, `buffered`, `direct` or `mapped`
    /// @throws IllegalArgumentException for anything else
    public static IoMode named(String name) {
        for (IoMode mode : values()) {
            if (mode.toString().equals(name)) {
                return mode;
            }
        }
        throw new IllegalArgumentException(
                "there is no I/O mode \"" + name
                        + "\", there are auto, buffered, direct and mapped");
    }

    /// True where groups are written in whole blocks, so that they may go past the page cache.
    boolean writesBlocks() {
        return this == DIRECT || this == AUTO;
    }

    /// The mode that a log in this directory gets when it asks for this one.
    ///
    /// @param file any file there; it is only opened
    /// @throws WalException.Unsupported when it is [#DIRECT] and the file system does none
    IoMode on(Disk disk, Path file) {
        if (!writesBlocks()) {
            return this;
        }
        try {
            disk.openDirect(file, Disk.WriteSync.ON_REQUEST).close();
            return this;
        } catch (WalException.Unsupported refused) {
            if (this == DIRECT) {
                throw refused;
            }
            return BUFFERED;
        }
    }

    /// Bytes of a buffer that takes a group of this size, wherever in a block the group starts.
    public long bufferBytesFor(long groupBytes) {
        return writesBlocks() ? Alignment.PAGE.up(groupBytes + BLOCK_BYTES) : groupBytes;
    }

    /// The largest group that a buffer takes, wherever in a block the group starts.
    public long groupBytesMax(long bufferBytes) {
        return writesBlocks() ? bufferBytes - BLOCK_BYTES : bufferBytes;
    }

    /// The name as settings spell it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

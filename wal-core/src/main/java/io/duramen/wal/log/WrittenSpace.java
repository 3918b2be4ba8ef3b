package io.duramen.wal.log;

import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import java.util.Optional;

/// How far the blocks of a fragment have been written. A block that was only allocated makes the
/// sync behind its first write wait for the file system's journal, which doubles its time; so a
/// small group that comes to such blocks has zeros written in front of it, over many at once.
///
/// Free space is zeros before and after, and whoever writes groups writes the zeros, in turn with
/// them: no group is ever in their way.
final class WrittenSpace {
    private static final long STRIDE_BYTES = StandbyFile.ZEROS.byteSize();
    /// A group of this size is written in about the time that the journal takes.
    private static final long SMALL_BYTES = 64 << 10;

    private final long limit;
    private long end;

    /// @param writtenBytes so many from the file's start were written before
    WrittenSpace(long fileSizeBytes, long writtenBytes) {
        this.limit = new FragmentGeometry(fileSizeBytes).footerStart();
        this.end = writtenBytes;
    }

    /// Zeros for the blocks behind a group, where it is the first to come so far and it pays.
    ///
    /// @param from where the write of the group starts
    /// @param to where it ends, a multiple of the block size
    /// @param syncFollows the group is synced before the next one is written
    Optional<IoOperation> ahead(IoFile file, long from, long to, boolean syncFollows) {
        if (to <= end) {
            return Optional.empty();
        }
        boolean pays = syncFollows && to - from < SMALL_BYTES;
        end = pays ? Math.min(to + STRIDE_BYTES, limit) : to;
        return end <= to ? Optional.empty()
                : Optional.of(new IoOperation.Write(file, StandbyFile.ZEROS.asSlice(0, end - to),
                        to));
    }
}

package io.duramen.wal.log;

import io.duramen.wal.fragment.FragmentFiles;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.memory.Alignment;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One file that is to become a fragment, and how much of it is filled with zeros.
///
/// Any thread may call; one at a time fills. What is taken is filled no further: no zero is written
/// to a file that may hold entries. Zeros go to the file that was opened and never to a name, which
/// may be another file's by then.
final class StandbyFile {
    /// The most that is written at once, and so the most that taking a file waits for.
    private static final int WRITE_BYTES = 256 << 10;

    private static final MemorySegment ZEROS =
            Arena.global().allocate(WRITE_BYTES, Alignment.PAGE.bytes()).asReadOnly();

    private final FragmentFiles.Standby standby;
    private final boolean reused;
    private volatile long syncedBytes;
    private long writtenBytes;
    private boolean allocated;
    private boolean taken;

    /// @param reused it holds bytes of an earlier life, and is of no use until all are overwritten
    StandbyFile(FragmentFiles.Standby standby, boolean reused) {
        this.standby = standby;
        this.reused = reused;
        this.allocated = !reused;
    }

    FragmentFiles.Standby standby() {
        return standby;
    }

    boolean isReused() {
        return reused;
    }

    /// True where it may become a fragment: whatever has not been written reads as zero.
    boolean isReady() {
        return !reused || isFilled();
    }

    /// True where all of it is zeros on the device.
    boolean isFilled() {
        return syncedBytes == standby.sizeBytes();
    }

    long syncedBytes() {
        return syncedBytes;
    }

    /// Takes the file for something else; waits for the write that is under way.
    synchronized FragmentFiles.Standby take() {
        taken = true;
        return standby;
    }

    /// Writes some more zeros and syncs them.
    ///
    /// @return bytes written; fewer than asked for where it is filled or was taken
    /// @throws io.duramen.wal.WalException when that failed; it must not be filled any further
    long fill(IoScheduler io, long bytesMax) {
        long bytes = 0;
        long more;
        do {
            more = write(io, Math.min(bytesMax - bytes, WRITE_BYTES));
            bytes += more;
        } while (more > 0);
        if (bytes == 0) {
            return 0;
        }
        io.execute(IoChain.of(new IoOperation.Fdatasync(standby.file()))).orThrow();
        syncedBytes += bytes;
        return bytes;
    }

    private synchronized long write(IoScheduler io, long bytesMax) {
        long bytes = taken ? 0 : Math.min(bytesMax, standby.sizeBytes() - writtenBytes);
        if (bytes > 0) {
            if (!allocated) {
                standby.file().allocate(0, standby.sizeBytes()); // sealing gave blocks back
                allocated = true;
            }
            io.execute(IoChain.of(new IoOperation.Write(standby.file(), ZEROS.asSlice(0, bytes),
                    writtenBytes))).orThrow();
            writtenBytes += bytes;
        }
        return bytes;
    }
}

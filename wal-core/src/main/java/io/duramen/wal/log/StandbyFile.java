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
/// Any thread may call; one at a time fills. What is taken is filled no further, and what is being
/// filled just now is not given: no zero is written to a file that may hold entries, and a failure
/// to write one is known before the file is used. Zeros go to the file that was opened and never to
/// a name, which may be another file's by then.
final class StandbyFile {
    private static final int WRITE_BYTES = 256 << 10;
    /// Zeros, for files to be filled with.
    static final MemorySegment ZEROS =
            Arena.global().allocate(WRITE_BYTES, Alignment.PAGE.bytes()).asReadOnly();

    private enum State {
        WAITING, BEING_FILLED, GIVEN
    }

    private final FragmentFiles.Standby standby;
    private final boolean reused;
    private State state = State.WAITING;
    private volatile long filledBytes;

    /// @param reused it holds bytes of an earlier life, and is of no use until all are overwritten
    StandbyFile(FragmentFiles.Standby standby, boolean reused) {
        this.standby = standby;
        this.reused = reused;
    }

    FragmentFiles.Standby standby() {
        return new FragmentFiles.Standby(standby.path(), standby.sizeBytes(), standby.file(),
                filledBytes);
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
        return filledBytes == standby.sizeBytes();
    }

    /// Bytes that are zeros on the device.
    long filledBytes() {
        return filledBytes;
    }

    /// Takes the file for something else; never waits.
    ///
    /// @return false where it is being filled just now, or was given to another
    synchronized boolean tryTake() {
        return change(State.WAITING, State.GIVEN);
    }

    /// Takes the file for something else; where it is being filled just now, waits until that piece
    /// is written.
    ///
    /// @return false where it was given to another, or could not be filled
    synchronized boolean take() {
        boolean interrupted = false;
        while (state == State.BEING_FILLED) {
            try {
                wait();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return tryTake();
    }

    private synchronized boolean change(State from, State to) {
        boolean changes = state == from;
        state = changes ? to : state;
        notifyAll();
        return changes;
    }

    /// Writes some more zeros and syncs them.
    ///
    /// @return bytes written; 0 where it was given away
    /// @throws io.duramen.wal.WalException when that failed; it is of no use any more
    long fill(IoScheduler io, long bytesMax) {
        if (!change(State.WAITING, State.BEING_FILLED)) {
            return 0;
        }
        boolean filled = false;
        try {
            long bytes = fillNext(io, bytesMax);
            filled = true;
            return bytes;
        } finally {
            change(State.BEING_FILLED, filled ? State.WAITING : State.GIVEN);
        }
    }

    private long fillNext(IoScheduler io, long bytesMax) {
        if (reused && filledBytes == 0) {
            standby.file().allocate(0, standby.sizeBytes()); // sealing gave blocks back
        }
        long from = filledBytes;
        long to = Math.min(from + bytesMax, standby.sizeBytes());
        for (long at = from; at < to; at += WRITE_BYTES) {
            io.execute(IoChain.of(new IoOperation.Write(standby.file(),
                    ZEROS.asSlice(0, Math.min(WRITE_BYTES, to - at)), at))).orThrow();
        }
        io.execute(IoChain.of(new IoOperation.Fdatasync(standby.file()))).orThrow();
        filledBytes = to;
        return to - from;
    }
}

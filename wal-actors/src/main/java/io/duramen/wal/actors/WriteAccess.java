package io.duramen.wal.actors;

import io.duramen.wal.log.WriterLock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The lock of a log that is open for writing. It outlives every write under way: a log whose actor
/// is stopped in the middle gives its lock back when the last write has ended, so that the next
/// writer never meets a write of this one. Or it is kept for who opens the log again here, so that
/// no other writer comes in between.
///
/// Any thread may call.
final class WriteAccess {
    private final WriterLock lock;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private long given;
    private int uses;
    private boolean closed;
    /// The lock stays when the last use has ended.
    private boolean kept;

    WriteAccess(WriterLock lock) {
        this.lock = lock;
    }

    /// The log's turn at the disk: where what it was given so far ends, or now.
    ///
    /// @param now where turns are now, in bytes
    synchronized long turn(long now, long bytes) {
        long begin = Math.max(now, given);
        given = begin + bytes;
        return begin;
    }

    /// Keeps the lock until [#endUse()].
    ///
    /// @return false where the log was given back; then nothing may be written
    synchronized boolean tryUse() {
        if (!closed) {
            uses++;
        }
        return !closed;
    }

    synchronized void endUse() {
        assert uses > 0 : "a use ended that never began";
        uses--;
        releaseUnlessUsed();
    }

    /// Gives the lock back, at once or after the last use, also where it was kept and nobody took
    /// it. Closing twice does nothing.
    synchronized void close() {
        if (!closed || kept) {
            closed = true;
            kept = false;
            releaseUnlessUsed();
        }
    }

    /// Ends all use, as [#close()] does, and keeps the lock for [#takeKept()].
    synchronized void keep() {
        if (!closed) {
            closed = true;
            kept = true;
            releaseUnlessUsed();
        }
    }

    /// Hands on the lock that was kept, after the last use; it is the caller's then.
    ///
    /// @return empty where it was given back meanwhile
    synchronized Optional<WriterLock> takeKept() {
        assert uses == 0 : "somebody may write yet";
        boolean taken = kept;
        kept = false;
        return taken ? Optional.of(lock) : Optional.empty();
    }

    /// For who uses it, or is about to close this.
    WriterLock lock() {
        return lock;
    }

    /// Completes after the last use, when the lock has been given back or is kept, and the log may
    /// be opened again.
    CompletableFuture<Void> ended() {
        return ended.copy();
    }

    private void releaseUnlessUsed() {
        if (closed && uses == 0) {
            try {
                if (!kept) {
                    lock.close();
                }
            } finally {
                ended.complete(null);
            }
        }
    }
}

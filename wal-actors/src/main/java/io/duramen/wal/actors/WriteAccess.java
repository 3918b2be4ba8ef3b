package io.duramen.wal.actors;

import io.duramen.wal.log.WriterLock;
import java.util.concurrent.CompletableFuture;

/// The lock of a log that is open for writing. It outlives every write under way: a log whose actor
/// is stopped in the middle gives its lock back when the last write has ended, so that the next
/// writer never meets a write of this one.
///
/// Any thread may call.
final class WriteAccess {
    private final WriterLock lock;
    private final CompletableFuture<Void> givenBack = new CompletableFuture<>();
    private long given;
    private int uses;
    private boolean closed;

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

    /// Gives the lock back, at once or after the last use. Closing twice does nothing.
    synchronized void close() {
        if (!closed) {
            closed = true;
            releaseUnlessUsed();
        }
    }

    /// For who uses it, or is about to close this.
    WriterLock lock() {
        return lock;
    }

    /// Completes when the lock has been given back, and the log may be opened again.
    CompletableFuture<Void> givenBack() {
        return givenBack.copy();
    }

    private void releaseUnlessUsed() {
        if (closed && uses == 0) {
            try {
                lock.close();
            } finally {
                givenBack.complete(null);
            }
        }
    }
}

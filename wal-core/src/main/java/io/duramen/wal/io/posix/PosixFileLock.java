package io.duramen.wal.io.posix;

import io.duramen.wal.io.Disk;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.WholeFileLock;
import java.util.concurrent.atomic.AtomicBoolean;

/// A lock that lives as long as the opening of the file that it belongs to.
final class PosixFileLock implements Disk.FileLock {
    private final Descriptor descriptor;
    private final AtomicBoolean closed = new AtomicBoolean();

    PosixFileLock(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /// Gives the lock back before the descriptor: a child process that was forked and has not yet
    /// executed its program shares the opening, and would keep the lock alive.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try (descriptor) {
                WholeFileLock.giveBack(descriptor);
            }
        }
    }
}

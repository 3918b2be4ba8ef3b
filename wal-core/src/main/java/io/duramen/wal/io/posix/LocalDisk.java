package io.duramen.wal.io.posix;

import io.duramen.wal.io.Disk;
import io.duramen.wal.os.Platform;

/// Chooses how this machine's file systems are reached.
public final class LocalDisk {
    private LocalDisk() {}

    /// By system calls where this system's are known, as on Linux; else by what the JDK offers.
    ///
    /// @throws UnsupportedOperationException where neither can keep what [Disk] promises
    public static Disk open() {
        return open(Platform.isSupported());
    }

    static Disk open(boolean areCallsKnown) {
        return areCallsKnown ? new PosixDisk() : new JdkDisk();
    }
}

package io.duramen.wal.probe;

import io.duramen.wal.io.uring.RegistrationProbe;
import io.duramen.wal.io.uring.RingProbe;
import io.duramen.wal.log.LogEnvironment;
import java.nio.file.Path;

/// Where an [Examination] gets its facts. Calls block.
public interface Machine {
    MachineFacts facts();

    /// Whether there can be an io_uring.
    RingProbe ring();

    /// Whether the kernel keeps buffers of this size pinned for one.
    RegistrationProbe registration(long sizeBytes);

    /// @param directory one that exists
    /// @throws io.duramen.wal.WalException.Io where it cannot be looked at
    StorageFacts storage(Path directory);

    /// What logs are tried out on; the caller closes it.
    ///
    /// @throws UnsupportedOperationException where there can be no log at all
    LogEnvironment environment();

    /// A clock as [System#nanoTime()].
    long nanoTime();

    /// The one this process runs on.
    static Machine local() {
        return new LocalMachine();
    }
}

package io.duramen.wal.io.posix.calls;

/// Whether a chain is to be given up. Any thread may ask; once there is a reason, it stays.
@FunctionalInterface
public interface StopSignal {
    /// Null for as long as the chain may go on.
    StopReason reason();
}

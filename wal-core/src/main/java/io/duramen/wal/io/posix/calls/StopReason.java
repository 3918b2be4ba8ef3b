package io.duramen.wal.io.posix.calls;

/// Why a chain is given up before it is complete.
public enum StopReason {
    CANCELLED, TIMED_OUT
}

package io.duramen.wal.memory;

/// Whether a pool's memory is kept out of swap, see mlock(2). What is allowed is in RLIMIT_MEMLOCK.
public enum MemoryLock {
    OFF,

    /// Lock it; where that is refused go on without, log a warning, and say so in the statistics.
    IF_ALLOWED,

    /// Lock it, or refuse to create the pool.
    REQUIRED
}

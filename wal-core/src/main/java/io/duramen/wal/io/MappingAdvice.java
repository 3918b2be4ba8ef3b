package io.duramen.wal.io;

/// What is told the kernel about a range of a mapping, see madvise(2).
public enum MappingAdvice {
    /// It is read from front to back: read far ahead, drop early.
    SEQUENTIAL,

    /// It is read here and there: read nothing ahead.
    RANDOM,

    /// It is not used for a while. Its pages leave the process; what was stored in them stays in
    /// the page cache and reaches the disk as before.
    DONT_NEED,

    /// Read every page in now, so that no later load waits for the disk. Linux 5.14.
    POPULATE_READ,

    /// Make every page present and writable now, with its block on the disk, so that no later store
    /// takes a fault. The bytes do not change. Linux 5.14.
    POPULATE_WRITE
}

package io.duramen.wal.io;

/// What is told the kernel about how a range of a file is read through the page cache, see
/// posix_fadvise(2).
public enum AccessAdvice {
    /// From front to back: read far ahead.
    SEQUENTIAL,

    /// Here and there: read nothing ahead.
    RANDOM,

    /// Not again soon: what is on the device already may leave the page cache. What is not stays;
    /// a sync before makes that all of it.
    DONT_NEED
}

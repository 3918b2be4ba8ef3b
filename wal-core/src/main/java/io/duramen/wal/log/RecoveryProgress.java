package io.duramen.wal.log;

/// Is told how far opening a log is, where fragments without footer have to be checked entry by
/// entry.
///
/// It is called by the thread that recovers, at most a hundred times and once more, and not more
/// often than every MiB; it must not block.
@FunctionalInterface
public interface RecoveryProgress {
    /// Tells nobody.
    RecoveryProgress NONE = (_, _) -> {};

    /// First called with no bytes scanned, unless nothing is to be scanned.
    ///
    /// @param scannedBytes bytes that were checked; never fewer than before
    /// @param totalBytes bytes that are checked at most: a scan ends where a fragment's entries do;
    ///     always the same for one recovery
    void scanned(long scannedBytes, long totalBytes);
}

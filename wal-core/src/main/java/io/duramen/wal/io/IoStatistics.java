package io.duramen.wal.io;

/// Counts since a scheduler was opened.
///
/// @param submitted chains accepted
/// @param completed chains completed, failures included
/// @param failed chains that ended in a failure
/// @param reads read operations executed
/// @param writes write operations executed
/// @param syncs sync operations executed
/// @param systemCalls calls to the operating system for them
/// @param bytesRead bytes moved from files
/// @param bytesWritten bytes moved to files
public record IoStatistics(long submitted, long completed, long failed, long reads, long writes,
        long syncs, long systemCalls, long bytesRead, long bytesWritten) {}

package io.duramen.wal.log;

/// What a log has done since its handle was made, and how it is now. The values are read one after
/// the other while the log goes on, so they may differ by what happened meanwhile.
///
/// @param groups groups written
/// @param entries entries in them
/// @param bytes bytes they take in the file
/// @param syncs syncs that made something durable
/// @param syncNanos time they took in all, in nanoseconds; through actors together with the write
///     of the group, where both are asked of the disk at once
/// @param longestSyncNanos the longest of them
/// @param rotations times the log went on in another fragment
/// @param overloads appends refused because too much waited for the disk
/// @param recoveries times the log was opened
/// @param cutBytes bytes of torn writes that opening it zeroed
/// @param poisonings times a failed write or sync made it refuse appends
/// @param pendingBytes bytes of appends, entry headers included, that wait for the disk or for
///     their turn, or are on their way
/// @param writtenId highest id the operating system has, one less than the first for none
/// @param durableId highest id on the device, likewise
/// @param slowestReader how many written entries the reader that is furthest behind has before it;
///     0 where nobody reads
public record LogMetrics(long groups, long entries, long bytes, long syncs, long syncNanos,
        long longestSyncNanos, long rotations, long overloads, long recoveries, long cutBytes,
        long poisonings, long pendingBytes, long writtenId, long durableId, long slowestReader) {
    /// Entries that are written and not on the device yet; never negative, also where the log was
    /// truncated while the values were read.
    public long durableLag() {
        return Math.max(0, writtenId - durableId);
    }
}

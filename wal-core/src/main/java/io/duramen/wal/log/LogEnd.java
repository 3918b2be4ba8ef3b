package io.duramen.wal.log;

import io.duramen.wal.fragment.FragmentWriter;

/// Where a log ends, as the header of a fragment that follows must know it.
///
/// @param nextId the id after the last entry
/// @param lastEntryCrc the last entry's checksum, 0 where there is none
/// @param lastTimestampNanos the last group's time; what follows is not earlier, whatever the clock
///     says
public record LogEnd(long nextId, int lastEntryCrc, long lastTimestampNanos) {
    /// The end of a log that never had an entry.
    public static final LogEnd OF_NOTHING = new LogEnd(0, 0, 0);

    /// Where the log ends as far as this fragment's writer has encoded it.
    public static LogEnd of(FragmentWriter writer) {
        return new LogEnd(writer.nextId(), writer.lastEntryCrc(), writer.lastTimestampNanos());
    }
}

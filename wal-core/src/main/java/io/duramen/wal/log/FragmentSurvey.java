package io.duramen.wal.log;

import java.nio.file.Path;

/// What one fragment file of a log says of itself.
///
/// @param firstId its first entry that is not trimmed
/// @param lastId `firstId - 1` where it holds no entry; the last it should hold where it is damaged
/// @param usedBytes bytes of the file that hold something
/// @param lastTimestampNanos time of its newest entry, in nanoseconds since 1970; 0 where it is not
///     sealed
/// @param what is wrong, empty where nothing is
public record FragmentSurvey(Path file, State state, long firstId, long lastId, long usedBytes,
        long sizeBytes, long lastTimestampNanos, String what) {
    /// Where a fragment is in its life.
    public enum State {
        ACTIVE, COMPLETE, SEALED, DAMAGED
    }

    /// Whether the log may start with this entry: it is there, or the log ends in front of it.
    boolean holds(long headId) {
        return headId <= lastId || state != State.SEALED && headId == lastId + 1;
    }

    FragmentExtent extent() {
        return state == State.SEALED
                ? new FragmentExtent(firstId, lastId, usedBytes, lastTimestampNanos, true)
                : FragmentExtent.unsealed(firstId, lastId, sizeBytes);
    }

    /// Entries found: none in a fragment that is damaged.
    public long entries() {
        return state == State.DAMAGED ? 0 : lastId - firstId + 1;
    }
}

package io.duramen.wal.log;

import java.nio.file.Path;

/// What one fragment file of a log says of itself.
///
/// @param lastId `firstId - 1` where it holds no entry; the last it should hold where it is damaged
/// @param usedBytes bytes of the file that hold something
/// @param what is wrong, empty where nothing is
public record FragmentSurvey(Path file, State state, long firstId, long lastId, long usedBytes,
        long sizeBytes, String what) {
    /// Where a fragment is in its life.
    public enum State {
        ACTIVE, COMPLETE, SEALED, DAMAGED
    }

    /// Entries found: none in a fragment that is damaged.
    public long entries() {
        return state == State.DAMAGED ? 0 : lastId - firstId + 1;
    }
}

package io.duramen.wal.log;

import java.nio.file.Path;
import java.util.List;

/// What a repair of a log does, or has done.
///
/// @param firstId the first entry there is afterwards, `nextId` where there is none
/// @param nextId the id that the next append gets afterwards
/// @param lost entries that cannot be read afterwards, in order; at most [#LOST_MAX] ranges are
///     told
/// @param lostEntries in all ranges
/// @param lostBytes that lie in their places, in all ranges
/// @param readableLost entries among the lost ones that hold: cutting drops them because they come
///     after damage
/// @param changes files that are written anew or moved away, in order of their names
/// @param statusIsReset the status page in `LOCK` is made to say how far the log reaches now
public record RepairPlan(LogId logId, Mode mode, long firstId, long nextId, List<Lost> lost,
        long lostEntries, long lostBytes, long readableLost, List<Change> changes,
        boolean statusIsReset) {
    /// Ranges of lost entries that are told one by one.
    public static final int LOST_MAX = 10_000;

    /// What happens to entries behind damage.
    public enum Mode {
        /// The log ends in front of the first entry that is lost. Ids from there on are given
        /// again.
        CUT,
        /// What follows is kept, and each lost entry is marked: its id stays taken, reading it
        /// fails with `WalException.LostEntries`.
        DROP_DAMAGED
    }

    /// Entries that are lost.
    ///
    /// @param file where they were, the log's directory where no file holds them
    /// @param offset where the first of them was in it
    public record Lost(long firstId, long lastId, long bytes, Path file, long offset) {}

    /// What happens to a file.
    public enum Action {
        /// Written anew, with all that can be saved; the original is moved away.
        REWRITE,
        /// Moved away: nothing of it belongs to the log any more.
        MOVE_AWAY,
        /// Made, to mark entries as lost that no file holds.
        ADD
    }

    /// @param why the reason, as the predicate of a sentence about the file
    public record Change(Path file, Action action, String why) {}

    public RepairPlan {
        lost = List.copyOf(lost);
        changes = List.copyOf(changes);
    }

    /// True where the log needs no repair.
    public boolean isNothingToDo() {
        return changes.isEmpty() && lostEntries == 0 && !statusIsReset;
    }
}

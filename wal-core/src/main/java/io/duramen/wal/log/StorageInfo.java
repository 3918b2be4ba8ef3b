package io.duramen.wal.log;

import java.util.List;

/// What a log takes on the disk, and what holds back trimming.
///
/// @param usedBytes that the fragments hold, with the one that grows in full
/// @param waitingFragments trimmed and not deleted yet, because a reader has them on lease
/// @param floors by consumer; a view of a log that someone else writes knows none
/// @param standby the files of fragments to come
public record StorageInfo(long usedBytes, int waitingFragments, List<FloorState> floors,
        StandbyInfo standby) {
    /// A consumer's floor and what it costs.
    ///
    /// @param ended it holds back nothing any more
    /// @param backlogBytes of fragments that could be trimmed but for it
    public record FloorState(Floor floor, boolean ended, long backlogBytes) {}

    public StorageInfo {
        floors = List.copyOf(floors);
    }

    /// What floors hold back together: what the lowest does.
    public long backlogBytes() {
        return floors.stream().filter(state -> !state.ended())
                .mapToLong(FloorState::backlogBytes).max().orElse(0);
    }

    /// Of a log that is only read.
    public static StorageInfo ofView(LogFragments fragments) {
        return new StorageInfo(
                fragments.extents().stream().mapToLong(FragmentExtent::bytes).sum(), 0, List.of(),
                StandbyInfo.NONE);
    }
}

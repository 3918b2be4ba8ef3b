package io.duramen.wal.log;

import io.duramen.wal.fragment.FragmentWriter;
import java.time.InstantSource;

/// When a log goes on in a new fragment: where the next entry does not fit, where the fragment
/// holds as many entries as it may, or where it has become too old. An empty fragment is never
/// rotated, and a clock that goes backwards never rotates one.
public record RotationPolicy(LogSettings settings) {
    /// @param entriesBytes bytes in the file of what comes next and stays together
    boolean isDue(FragmentWriter active, long entriesBytes, int entries, InstantSource clock) {
        return isDue(active.holds(entriesBytes, entries), active.entryCount(), entries,
                active.header().createdNanos(), clock);
    }

    /// @param holdsNext what comes next fits into the fragment
    /// @param entryCount entries in the fragment
    /// @param nextEntries entries that come next and stay together
    /// @param createdNanos when the fragment was created
    /// @param clock read only where fragments have an age
    public boolean isDue(boolean holdsNext, long entryCount, int nextEntries,
            long createdNanos, InstantSource clock) {
        return entryCount > 0
                && (!holdsNext || entryCount + nextEntries > settings.fragmentEntriesMax()
                        || isTooOld(createdNanos, clock));
    }

    private boolean isTooOld(long createdNanos, InstantSource clock) {
        return settings.fragmentAgeMax().isPositive()
                && EpochNanos.now(clock) - createdNanos >= settings.fragmentAgeMax().toNanos();
    }

    /// True where the fragment is full enough that the next one should be made ready.
    public boolean isSuccessorWanted(long endOfData, long entryCount) {
        return endOfData > settings.fragmentSizeBytes() / 2
                || entryCount > settings.fragmentEntriesMax() / 2;
    }
}

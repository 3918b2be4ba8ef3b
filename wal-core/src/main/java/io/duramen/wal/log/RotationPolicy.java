package io.duramen.wal.log;

import io.duramen.wal.fragment.FragmentWriter;

/// When a log goes on in a new fragment: where the next entry does not fit, where the fragment holds as many
/// entries as it may, or where it has become too old. An empty fragment is never rotated, and a clock that
/// goes backwards never rotates one.
public record RotationPolicy(LogSettings settings) {
    public boolean isDue(FragmentWriter active, long payloadBytes, long nowNanos) {
        if (active.entryCount() == 0) {
            return false;
        }
        return !active.holds(payloadBytes) || active.entryCount() >= settings.fragmentEntriesMax()
                || isTooOld(active, nowNanos);
    }

    private boolean isTooOld(FragmentWriter active, long nowNanos) {
        return settings.fragmentAgeMax().isPositive()
                && nowNanos - active.header().createdNanos() >= settings.fragmentAgeMax().toNanos();
    }

    /// True where the fragment is full enough that the next one should be made ready.
    public boolean isSuccessorWanted(FragmentWriter active) {
        return active.endOfData() > settings.fragmentSizeBytes() / 2
                || active.entryCount() > settings.fragmentEntriesMax() / 2;
    }
}

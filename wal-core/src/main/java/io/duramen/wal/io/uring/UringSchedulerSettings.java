package io.duramen.wal.io.uring;

import io.duramen.wal.os.RingParameters;

/// @param ringEntries operations in flight at most, and the length of the longest chain; a power of
///     two, at most 32,768
/// @param waitingChainsMax how many accepted chains may wait for the ring; one more is refused
public record UringSchedulerSettings(int ringEntries, int waitingChainsMax) {
    public UringSchedulerSettings {
        if (ringEntries < 1 || Integer.bitCount(ringEntries) != 1) {
            throw new IllegalArgumentException(
                    "ringEntries [" + ringEntries + "] must be a power of two");
        }
        if (ringEntries > RingParameters.ENTRIES_MAX) {
            throw new IllegalArgumentException("ringEntries [" + ringEntries
                    + "] must be at most " + RingParameters.ENTRIES_MAX + ", the kernel's limit");
        }
        if (waitingChainsMax < 1) {
            throw new IllegalArgumentException(
                    "waitingChainsMax [" + waitingChainsMax + "] must be at least 1");
        }
    }
}

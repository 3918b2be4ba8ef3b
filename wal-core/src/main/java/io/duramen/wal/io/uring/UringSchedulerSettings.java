package io.duramen.wal.io.uring;

import io.duramen.wal.os.RingParameters;

/// @param ringEntries operations in flight at most, and the length of the longest chain; a power of
///     two, at most 32,768
/// @param waitingChainsMax how many accepted chains may wait for the ring; one more is refused
/// @param registeredFilesMax how many files the kernel keeps at hand for the ring, 0 to 32,768;
///     those that find no place are looked up for every operation
public record UringSchedulerSettings(int ringEntries, int waitingChainsMax, int registeredFilesMax,
        Route route) {
    private static final int REGISTERED_FILES = 256;

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
        if (registeredFilesMax < 0 || registeredFilesMax > RingParameters.FILES_MAX) {
            throw new IllegalArgumentException("registeredFilesMax [" + registeredFilesMax
                    + "] must be between 0 and " + RingParameters.FILES_MAX);
        }
    }

    /// Which way operations go.
    public enum Route {
        /// By plain calls where these are quicker: on the caller's thread for `execute`, on a
        /// thread of the scheduler's for a submitted chain that changes a file while nothing else
        /// is under way. Everything else goes through the ring.
        QUICKEST,
        /// Through the ring, `execute` too, so that its bytes must be accessible to the ring's
        /// thread: for tests and measurements. Where the ring would refuse `execute` as overloaded,
        /// or a callback calls it, it goes by plain calls all the same.
        RING
    }

    /// A ring with 256 registered files that takes the quickest way.
    public UringSchedulerSettings(int ringEntries, int waitingChainsMax) {
        this(ringEntries, waitingChainsMax, REGISTERED_FILES, Route.QUICKEST);
    }

    public UringSchedulerSettings withRegisteredFilesMax(int files) {
        return new UringSchedulerSettings(ringEntries, waitingChainsMax, files, route);
    }

    public UringSchedulerSettings withRoute(Route which) {
        return new UringSchedulerSettings(
                ringEntries, waitingChainsMax, registeredFilesMax, which);
    }
}

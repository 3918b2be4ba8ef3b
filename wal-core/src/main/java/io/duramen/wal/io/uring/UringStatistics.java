package io.duramen.wal.io.uring;

import io.duramen.wal.io.IoStatistics;
import java.util.Optional;

/// Counts since a scheduler was opened: what every driver counts, and what the ring adds to it.
///
/// @param all what every driver counts
/// @param ringEnters calls of io_uring_enter(2)
/// @param ringEntries operations handed to the kernel by them
/// @param repeatedRounds how often a chain went into the ring again, because a transfer moved a
///     part or was interrupted
/// @param mergedWrites writes that went to the kernel together with others next to them
/// @param wakeUps how often a submitter had to wake the sleeping ring
/// @param waitingChains accepted chains that wait for the ring now
/// @param inFlight operations in the ring when it was last entered
/// @param inFlightMax the most there ever were
/// @param latency from submission to completion; chains that were executed on their callers'
///     threads are not in it
/// @param registeredBytes memory the kernel keeps pinned for the ring
/// @param registrationRefusal why memory that was to be registered is not
public record UringStatistics(IoStatistics all, long ringEnters, long ringEntries,
        long repeatedRounds, long mergedWrites, long wakeUps, int waitingChains, int inFlight,
        int inFlightMax, Latency latency, long registeredBytes,
        Optional<String> registrationRefusal) {
    /// Times of chains; median and percentile are right to a thirtieth, the maximum exactly.
    public record Latency(long chains, long medianNanos, long p99Nanos, long maxNanos) {}

    /// Operations handed to the kernel by one call, on average; 0 before the first.
    public double operationsPerEnter() {
        return ringEnters == 0 ? 0 : (double) ringEntries / ringEnters;
    }
}

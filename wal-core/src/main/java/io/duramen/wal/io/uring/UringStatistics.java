package io.duramen.wal.io.uring;

import io.duramen.wal.io.IoStatistics;
import java.util.Optional;

/// Counts since a scheduler was opened: what every driver counts, and what the ring adds to it.
///
/// @param all what every driver counts
/// @param ringEnters calls of io_uring_enter(2)
/// @param ringEntries operations handed to the kernel by them
/// @param repeatedRounds how often a chain went into the ring again, because a transfer moved a
///     part, was interrupted, or went on behind a failure
/// @param mergedWrites writes that went to the kernel together with others next to them
/// @param wakeUps how often a submitter had to wake the sleeping ring
/// @param waitingChains accepted chains that wait for the ring now
/// @param inFlight operations in the ring when it was last entered
/// @param inFlightMax the most there ever were
public record UringStatistics(IoStatistics all, long ringEnters, long ringEntries,
        long repeatedRounds, long mergedWrites, long wakeUps, int waitingChains, int inFlight,
        int inFlightMax, Buffers buffers, Files files) {
    /// @param registeredBytes memory the kernel keeps pinned for the ring
    /// @param refusal why memory that was to be registered is not
    public record Buffers(long registeredBytes, Optional<String> refusal) {}

    /// @param registered files that the kernel keeps at hand for the ring now
    /// @param entriesByNumber operations handed to the kernel whose file had no place there
    /// @param refusal why no file is registered although some were to be
    public record Files(int registered, long entriesByNumber, Optional<String> refusal) {}

    /// Operations handed to the kernel by one call, on average; 0 before the first.
    public double operationsPerEnter() {
        return ringEnters == 0 ? 0 : (double) ringEntries / ringEnters;
    }
}

package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.LogSettings;
import java.util.Optional;

/// Which appends a healthy log takes.
///
/// @param settings say what a fragment takes, and how many bytes may wait; an append that comes
///     while none waits is taken whatever it weighs
/// @param largestPayloadBytes the largest entry
/// @param largestBatchBytes the most that an atomic append may weigh
record Admission(LogSettings settings, int largestPayloadBytes, long largestBatchBytes) {
    /// The refusal of an append that comes while so much waits, or nothing where it is taken.
    ///
    /// @param rate how fast what waits has gone of late
    Optional<LogRequest.AppendAnswer> refusalOf(LogRequest.Append append, long pendingBytes,
            DrainRate rate) {
        long weightBytes = append.weightBytes();
        long pendingBytesMax = settings.pendingBytesMax();
        if (pendingBytes > 0 && pendingBytes + weightBytes > pendingBytesMax) {
            return Optional.of(new LogRequest.Overloaded(pendingBytes, pendingBytesMax,
                    rate.timeFor(pendingBytes + weightBytes - pendingBytesMax)));
        }
        int largest = append.payloads().stream().mapToInt(Payload::sizeBytes).max().getAsInt();
        if (largest > largestPayloadBytes) {
            return Optional.of(new LogRequest.NotWritten(
                    new WalException.TooLarge(largest, largestPayloadBytes)));
        }
        boolean fits = weightBytes <= largestBatchBytes
                && settings.fitFragment(weightBytes, append.payloads().size());
        return append.atomic() && !fits ? Optional.of(new LogRequest.NotWritten(
                WalException.TooLarge.batch(append.payloads().size(), weightBytes)))
                : Optional.empty();
    }
}

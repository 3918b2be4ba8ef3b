package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import java.util.Optional;

/// Which appends a healthy log takes.
///
/// @param pendingBytesMax bytes that may wait; an append that comes while none waits is taken
///     whatever it weighs
/// @param largestPayloadBytes the largest entry
record Admission(long pendingBytesMax, int largestPayloadBytes) {
    /// The refusal of an append that comes while so much waits, or nothing where it is taken.
    Optional<LogRequest.AppendAnswer> refusalOf(LogRequest.Append append, long pendingBytes) {
        if (pendingBytes > 0 && pendingBytes + append.weightBytes() > pendingBytesMax) {
            return Optional.of(new LogRequest.Overloaded(pendingBytes, pendingBytesMax));
        }
        int largest = append.payloads().stream().mapToInt(Payload::sizeBytes).max().getAsInt();
        return largest <= largestPayloadBytes ? Optional.empty()
                : Optional.of(new LogRequest.NotWritten(
                        new WalException.TooLarge(largest, largestPayloadBytes)));
    }
}

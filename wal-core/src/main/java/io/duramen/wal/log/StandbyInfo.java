package io.duramen.wal.log;

import io.duramen.wal.WalException;
import java.util.Optional;

/// The files that are ready to become a log's next fragments, or are being made ready.
///
/// @param preWriting all are filled with zeros, and not only those that were fragments before
/// @param files how many there are
/// @param reused how many of them were fragments before
/// @param preWrittenBytes of them in all that are zeros on the device
/// @param failure why the last one that was given up was given up
public record StandbyInfo(boolean preWriting, int files, int reused, long preWrittenBytes,
        Optional<WalException> failure) {
    /// There are none.
    public static final StandbyInfo NONE = new StandbyInfo(false, 0, 0, 0, Optional.empty());
}

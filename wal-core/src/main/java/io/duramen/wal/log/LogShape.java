package io.duramen.wal.log;

import io.duramen.wal.format.ClosedEnd;
import io.duramen.wal.format.FragmentHeader;
import java.util.Optional;
import java.util.OptionalLong;

/// What of a log every trim, truncation and opening changes. Who looks at a log's files while
/// somebody else writes it, and finds that they do not fit, asks whether it is still the log that
/// he began to look at, and else begins anew.
///
/// @param head the first entry there is, empty where the log has no head yet
/// @param end of a truncation under way
/// @param truncations that there were
/// @param writerEpoch of the writer, or the last one
/// @param closed where the last writer closed it; also one with the same epoch takes that back
record LogShape(OptionalLong head, Optional<NewEnd> end, long truncations, long writerEpoch,
        Optional<ClosedEnd> closed) {
    static LogShape of(LogDirectory directory) {
        LogDirectory.Listing listing = directory.list();
        if (!directory.disk().exists(directory.lockFile())) {
            return new LogShape(listing.head(), listing.end(), 0, 0, Optional.empty());
        }
        try (StatusView view = StatusView.open(directory)) {
            return new LogShape(listing.head(), listing.end(), view.truncations(),
                    view.status().writerEpoch(), view.status()
                            .closedEnd(FragmentHeader.hashOf(directory.logId().value())));
        }
    }

    /// @throws io.duramen.wal.WalException.Io where the log is not there any more
    boolean isStillOf(LogDirectory directory) {
        return equals(of(directory));
    }
}

package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.RecoveryReport;
import java.util.Optional;

/// Where a log is in its life, as [WalLog#phase()] tells. Each change is published on the actor
/// system's event stream as a [Changed].
public sealed interface LogPhase {
    /// It is being recovered; requests wait. Where fragments without footer have to be checked,
    /// it comes to this phase anew at each hundredth, and not more often than every MiB.
    ///
    /// @param scannedBytes bytes that were checked
    /// @param totalBytes bytes that are checked at most, 0 where that is not known yet
    record Opening(long scannedBytes, long totalBytes) implements LogPhase {
        static final Opening BEGUN = new Opening(0, 0);
    }

    /// It takes appends.
    ///
    /// @param recovery what opening found and did; empty for a log that is only viewed
    record Running(Optional<RecoveryReport> recovery) implements LogPhase {}

    /// It goes on in another fragment; appends wait.
    record Rotating() implements LogPhase {}

    /// A write or sync failed: it refuses appends until [Wal#reopen(WalLog)]; reads go on.
    record Poisoned(Throwable cause) implements LogPhase {}

    /// It completes what it has accepted, to be closed, to rest or to be opened again.
    record Closing() implements LogPhase {}

    /// Nobody has used it for long: its files are closed; the next request opens it.
    record Resting() implements LogPhase {}

    /// It could not be opened: it refuses everything until [Wal#reopen(WalLog)].
    record Failed(WalException cause) implements LogPhase {}

    /// Its handle is of no use any more.
    record Closed() implements LogPhase {}

    /// A log has come to another phase.
    ///
    /// @param view true for the handle of a log that is only read
    record Changed(LogId logId, boolean view, LogPhase phase) {}
}

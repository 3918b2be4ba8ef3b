package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.log.LogEnd;
import io.duramen.wal.log.RecoveredLog;
import io.duramen.wal.log.WritableFragment;
import io.duramen.wal.log.WriterLock;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/// What happened to something that a [LogActor] started: its messages to itself, and those of its
/// fragments.
sealed interface LogEvent extends LogActor.Command {
    /// How far opening is; see [io.duramen.wal.log.RecoveryProgress].
    record Recovering(long scannedBytes, long totalBytes) implements LogEvent {
        LogPhase.Opening phase() {
            return new LogPhase.Opening(scannedBytes, totalBytes);
        }
    }

    record Opened(RecoveredLog recovered, WriterLock lock) implements LogEvent {}

    record OpenFailed(Throwable cause) implements LogEvent {}

    /// The newest group is encoded, and written as soon as the one before it is done.
    record GroupEncoded() implements LogEvent {}

    record GroupWritten(LogEnd end, long groupBytes) implements LogEvent {}

    /// There was no memory for the newest group, or a payload failed; nothing of it was written.
    record GroupRefused(WalException cause) implements LogEvent {}

    record Synced() implements LogEvent {}

    record DiskFailed(WalException cause) implements LogEvent {}

    record FragmentReady(WritableFragment fragment) implements LogEvent {}

    record FragmentRefused(Throwable cause) implements LogEvent {}

    record FragmentSealed(Optional<Throwable> failure) implements LogEvent {}

    /// A trim failed at the disk.
    record TrimFailed(WalException cause) implements LogEvent {}

    record FragmentIdle(long firstId, ActorRef<FragmentActor.Command> actor) implements LogEvent {}

    record FragmentFinished() implements LogEvent {}

    /// The actor of a fragment that is written to is gone, which it never should.
    record FragmentStopped(ActorRef<FragmentActor.Command> actor) implements LogEvent {}

    record Released() implements LogEvent {}

    /// Time is up.
    enum Timer implements LogEvent {
        SYNC_DUE, IDLE, REORDER
    }
}

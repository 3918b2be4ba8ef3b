package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.log.LogDirectory;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogFragments;
import io.duramen.wal.log.LogTruncation;
import io.duramen.wal.log.TruncateOutcome;
import java.util.Optional;
import org.apache.pekko.pattern.StatusReply;

/// A truncation that a log is closed and opened again for: it runs when nothing of the log is under
/// way any more, under the lock. Answers its request once.
///
/// Its thread runs it, and then the log's actor answers.
final class Truncating {
    private final LogRequest.Truncate request;
    private volatile TruncateOutcome outcome;
    private volatile WalException failure;

    Truncating(LogRequest.Truncate request) {
        this.request = request;
    }

    /// The log takes no more: nothing is done.
    void cancel(WalException cause) {
        failure = cause;
    }

    /// Blocks on the disk. What fails is for [#answer()] to tell.
    void run(LogDirectory directory, LogEnvironment environment, WriteAccess access,
            LogFragments fragments) {
        if (failure != null) {
            return;
        }
        try {
            outcome = LogTruncation.run(directory, environment, access.lock(), fragments,
                    request.lastId());
        } catch (RuntimeException | Error failed) {
            failure = WalException.Defect.orCause(failed);
        }
    }

    void answer() {
        request.replyTo().tell(outcome != null ? StatusReply.success(outcome)
                : StatusReply.error(failure != null ? failure
                        : new WalException.Defect(new IllegalStateException(
                                "the truncation was not begun"))));
    }

    /// The actor stops in the middle.
    void answerUnfinished(WalException closed) {
        request.replyTo().tell(StatusReply.error(WalException.OutcomeUnknown.truncating(closed)));
    }

    /// Why the log must not go on by itself; empty where it is known what is in it.
    Optional<Throwable> doubt() {
        return Optional.<Throwable> ofNullable(failure)
                .filter(cause -> cause instanceof WalException.Defect
                        || cause instanceof WalException.OutcomeUnknown);
    }
}

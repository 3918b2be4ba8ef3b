package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.log.LogId;
import org.apache.pekko.Done;
import org.apache.pekko.pattern.StatusReply;

/// Answers requests that cannot be served.
final class Refusals {
    private Refusals() {
    }

    static void answer(LogRequest request, WalException cause) {
        switch (request) {
            case LogRequest.Append append ->
                    append.replyTo().tell(new LogRequest.NotWritten(cause));
            case LogRequest.AppendAt append ->
                    append.replyTo().tell(new LogRequest.NotWritten(cause));
            case LogRequest.Lend lend -> lend.replyTo().tell(new LogRequest.ReadFailed(cause));
            case LogRequest.AwaitVisible await ->
                    await.replyTo().tell(new LogRequest.ReadFailed(cause));
            case LogRequest.FindTime find -> find.replyTo().tell(new LogRequest.ReadFailed(cause));
            case LogRequest.Sync sync -> sync.replyTo().tell(StatusReply.error(cause));
            case LogRequest.Rotate rotate -> rotate.replyTo().tell(StatusReply.error(cause));
            case LogRequest.Reopen reopen -> reopen.replyTo().tell(StatusReply.error(cause));
            case LogRequest.Describe describe -> describe.replyTo().tell(StatusReply.error(cause));
            case LogRequest.Trim trim -> trim.replyTo().tell(StatusReply.error(cause));
            case LogRequest.Truncate truncate ->
                    truncate.replyTo().tell(StatusReply.error(cause));
            case LogRequest.Fence fence -> fence.replyTo().tell(StatusReply.error(cause));
            case LogRequest.ChangeFloor change ->
                    change.replyTo().tell(StatusReply.error(cause));
            case LogRequest.Close close -> close.replyTo().tell(Done.done());
        }
    }

    /// The answer to an append of which something may be written.
    static LogRequest.Unknown unknown(Throwable cause) {
        return new LogRequest.Unknown(new WalException.OutcomeUnknown(cause));
    }

    static WalException notWritable(LogId logId) {
        return new WalException.Closed(
                "log " + logId + " was opened for reading, its writing side");
    }
}

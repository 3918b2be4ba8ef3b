package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/// A log that could not be opened: answers everything with the reason, until it is closed, or
/// someone has it opened again.
final class FailedLog {
    private FailedLog() {
    }

    static Behavior<LogActor.Command> create(OpeningLog.Phases phases, WalException cause) {
        phases.life().become(new LogPhase.Failed(cause));
        return Behaviors.receiveMessage(command -> switch (command) {
            case LogRequest.Reopen reopen -> {
                phases.room().add(reopen);
                yield new OpeningLog(phases, Optional.empty());
            }
            case LogRequest.Fence fence -> giveWay(phases, fence);
            case LogRequest request -> {
                Refusals.answer(request, cause);
                yield request instanceof LogRequest.Close ? Behaviors.stopped() : Behaviors.same();
            }
            case LogEvent event -> {
                RestingLog.late(phases, event);
                yield Behaviors.same();
            }
        });
    }

    /// What becomes of a log that is not open when a writer of another epoch comes.
    static Behavior<LogActor.Command> giveWay(OpeningLog.Phases phases, LogRequest.Fence to) {
        if (phases.refuses(to)) {
            return Behaviors.same();
        }
        Behavior<LogActor.Command> failed = create(phases, phases.fencedBy(to));
        to.replyTo().tell(StatusReply.ack());
        return failed;
    }
}

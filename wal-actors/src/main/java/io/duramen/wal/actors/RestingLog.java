package io.duramen.wal.actors;

import io.duramen.wal.log.LogInfo;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/// A log that was given back since nobody used it, until the next request opens it again. What it
/// keeps is its name and its state as it was left: another process may have the log meanwhile.
final class RestingLog {
    private RestingLog() {
    }

    /// What follows a log that has been given back, to rest or to be opened again.
    ///
    /// @param left the state it was left in
    static Behavior<LogActor.Command> after(OpeningLog.Phases phases, LogInfo left) {
        if (!phases.room().isEmpty()) {
            return new OpeningLog(phases, Optional.of(left));
        }
        if (phases.room().isClosing()) {
            phases.room().endAll();
            return Behaviors.stopped();
        }
        return create(phases, left);
    }

    static Behavior<LogActor.Command> create(OpeningLog.Phases phases, LogInfo left) {
        phases.life().become(new LogPhase.Resting());
        return Behaviors.receiveMessage(command -> switch (command) {
            case LogRequest.Describe describe -> {
                describe.replyTo().tell(StatusReply.success(left));
                yield Behaviors.same();
            }
            case LogRequest.Close close -> {
                close.replyTo().tell(Done.done());
                yield Behaviors.stopped();
            }
            case LogRequest.Fence fence -> FailedLog.giveWay(phases, fence);
            case LogRequest request -> {
                phases.room().add(request);
                yield new OpeningLog(phases, Optional.of(left));
            }
            case LogEvent event -> {
                late(phases, event);
                yield Behaviors.same();
            }
        });
    }

    /// Word from a time when the log was open; nobody waits for it any more.
    static void late(OpeningLog.Phases phases, LogEvent event) {
        if (event instanceof LogEvent.TrimFailed failed) {
            phases.context().getLog().error("a trim of log {} failed as it was given back: {}",
                    phases.plan().logId(), failed.cause().getMessage());
        }
    }
}

package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// A log that could not be opened: answers everything with the reason, until it is closed.
final class FailedLog {
    private FailedLog() {
    }

    static Behavior<LogActor.Command> create(WalException cause) {
        return Behaviors.receiveMessage(command -> {
            if (command instanceof LogRequest request) {
                Refusals.answer(request, cause);
            }
            return command instanceof LogRequest.Close ? Behaviors.stopped() : Behaviors.same();
        });
    }
}

package io.duramen.wal.actors;

import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Tells [Wal] when the actor of a log has stopped, however that came: closed by its extension, by
/// someone who sent it [LogRequest.Close], or by a defect.
final class StoppedLogs {
    sealed interface Command extends NoSerializationVerificationNeeded {}

    /// @param then run once, when the actor has stopped
    record Watch(ActorRef<?> log, Runnable then) implements Command {}

    private record Stopped(Runnable then) implements Command {}

    private StoppedLogs() {
    }

    static Behavior<Command> create() {
        return Behaviors.setup(context -> Behaviors.receiveMessage(command -> {
            switch (command) {
                case Watch watch -> context.watchWith(watch.log(), new Stopped(watch.then()));
                case Stopped stopped -> stopped.then().run();
            }
            return Behaviors.same();
        }));
    }
}

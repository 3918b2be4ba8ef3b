package io.duramen.wal.actors;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.Done;

/// The phase a log is in: told by its actor, seen by whoever has the handle, on any thread.
final class LogLife {
    private final Consumer<LogPhase> listener;
    private final CompletableFuture<Done> stopped = new CompletableFuture<>();
    private volatile LogPhase phase = new LogPhase.Opening();

    /// @param listener told of every change, by the thread that makes it
    LogLife(Consumer<LogPhase> listener) {
        this.listener = listener;
    }

    LogPhase phase() {
        return phase;
    }

    void become(LogPhase next) {
        phase = next;
        listener.accept(next);
    }

    /// The actor has stopped, however that came.
    void stopped() {
        become(new LogPhase.Closed());
        stopped.complete(Done.done());
    }

    /// Completes when the actor has stopped.
    CompletableFuture<Done> whenStopped() {
        return stopped.copy();
    }
}

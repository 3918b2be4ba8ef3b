package io.duramen.wal.actors;

import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.log.LogMeter;
import io.duramen.wal.log.Truncations;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.Done;

/// The phase a log is in: told by its actor, seen by whoever has the handle, on any thread.
final class LogLife {
    private final LogMeter meter;
    private final Consumer<LogPhase> listener;
    private final CompletableFuture<Done> stopped = new CompletableFuture<>();
    private final Truncations truncations = new Truncations();
    private long truncationsKnown = -1;
    private long epoch;
    private volatile LogPhase phase = LogPhase.Opening.BEGUN;

    /// @param listener told of every change, by the thread that makes it
    LogLife(LogMeter meter, Consumer<LogPhase> listener) {
        this.meter = meter;
        this.listener = listener;
    }

    /// Counts over all times that the log is opened through the same handle.
    LogMeter meter() {
        return meter;
    }

    LogPhase phase() {
        return phase;
    }

    void become(LogPhase next) {
        phase = next;
        if (next instanceof LogPhase.Poisoned poisoned) {
            meter.poisoned(poisoned.cause());
        }
        listener.accept(next);
    }

    /// Told to who reads through the handle.
    Truncations truncations() {
        return truncations;
    }

    /// The log is open: tells readers of truncations since it was open here before, whoever made
    /// them. Called by the log's actor alone.
    void opened(WriterStatus status) {
        epoch = status.writerEpoch();
        long end = truncationsKnown < 0 ? Long.MAX_VALUE
                : status.lowestEndSince(truncationsKnown);
        truncationsKnown = status.truncations();
        if (end != Long.MAX_VALUE) {
            truncations.add(end);
        }
    }

    /// The writer epoch with which the log was open last, 0 where it has not been. For the log's
    /// actor alone.
    long epoch() {
        return epoch;
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

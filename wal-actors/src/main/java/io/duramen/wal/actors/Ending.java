package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.log.LogInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Why an open log is given back, how, and what comes then: it is closed, it rests since nobody
/// uses it, or it is opened again. Part of a [LogActor].
final class Ending {
    private final OpeningLog.Phases phases;
    private final Parts parts;
    private final Duration idleTime;
    private final List<ActorRef<Done>> closing = new ArrayList<>();
    /// Nobody has asked for anything since the last look.
    private boolean idle;
    /// The log is given back, to rest or to be opened again; requests wait.
    private boolean resting;
    /// Someone has asked for it to be opened again.
    private boolean reopening;

    /// What is given back.
    record Parts(FragmentActors fragments, Upkeep upkeep, NextFragment nextFragment,
            WriteAccess access) {}

    Ending(OpeningLog.Phases phases, Parts parts) {
        this.phases = phases;
        this.parts = parts;
        this.idleTime = phases.plan().wal().passivateAfter();
        lookWhetherIdle(false);
    }

    /// Has a request wait that comes too late for the log as it is open now.
    ///
    /// @return false where the log serves it
    boolean keeps(LogRequest request) {
        idle = false;
        if (resting) {
            phases.room().add(request);
        }
        return resting;
    }

    void close(LogRequest.Close request) {
        closing.add(request.replyTo());
        phases.life().become(new LogPhase.Closing());
    }

    boolean isClosing() {
        return !closing.isEmpty();
    }

    /// The log completes what it has accepted, and then [#finish(boolean, long)] is called.
    boolean isBegun() {
        return resting || isClosing();
    }

    /// @param quiet nothing is under way, and nobody waits for anything
    void lookWhetherIdle(boolean quiet) {
        if (idle && quiet && !isBegun()) {
            rest();
        } else if (idleTime.isPositive()) {
            idle = true;
            phases.timers().startSingleTimer(LogEvent.Timer.IDLE, idleTime);
        }
    }

    private void rest() {
        resting = true;
        phases.life().become(new LogPhase.Closing());
    }

    /// @param readers who wait at the log's end; they do so again when it is open
    void reopen(LogRequest.Reopen request, List<LogRequest.AwaitVisible> readers) {
        reopening = true;
        phases.room().add(request);
        readers.forEach(phases.room()::add);
        rest();
    }

    /// Closes the fragment that grows, and gives the log back.
    ///
    /// @param appended a closing record is worth its while
    void finish(boolean appended, long durableId) {
        ActorRef<Done> finished = context().messageAdapter(Done.class,
                _ -> new LogEvent.FragmentFinished());
        if (!parts.fragments().finishGrowing(appended, durableId, finished)) {
            release();
        }
    }

    /// Gives the log back; [LogEvent.Released] comes when another writer may open it.
    void release() {
        CompletableFuture<Void> releasing = CompletableFuture.runAsync(() -> {
            try {
                parts.upkeep().close();
                parts.nextFragment().close();
            } finally {
                parts.access().close();
            }
        }, phases.plan().resources().blocking()).thenCompose(_ -> parts.access().givenBack());
        context().pipeToSelf(releasing, (_, _) -> new LogEvent.Released());
    }

    /// What comes when the log has been given back.
    Behavior<LogActor.Command> given(LogInfo left) {
        if (!resting) {
            return Behaviors.stopped();
        }
        phases.timers().cancelAll();
        parts.fragments().stop();
        if (left.poisonedBy().isPresent() && !reopening) {
            WalException poisoned = new WalException.Poisoned(left.poisonedBy().get());
            Behavior<LogActor.Command> failed = FailedLog.create(phases, poisoned);
            phases.room().refuseAll(context().getSelf(), poisoned);
            return failed;
        }
        return RestingLog.after(phases, left);
    }

    /// The actor stops. If that is in the middle, the next writer recovers.
    void abandon() {
        parts.nextFragment().abandon();
        parts.upkeep().abandon();
        parts.access().close();
    }

    /// The actor stops: answers who asked for the end, and who waited for what comes after it.
    void answerAll() {
        phases.room().endAll();
        closing.forEach(asker -> asker.tell(Done.done()));
    }

    private ActorContext<LogActor.Command> context() {
        return phases.context();
    }
}

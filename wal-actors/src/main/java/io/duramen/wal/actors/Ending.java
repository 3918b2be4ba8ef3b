package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.log.LogInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/// Why an open log is given back, how, and what comes then: it is closed, it rests since nobody
/// uses it, or it is opened again. Part of a [LogActor].
final class Ending {
    private final OpeningLog.Phases phases;
    private final LogParts parts;
    private final Supplier<List<LogRequest>> waiting;
    private final Duration idleTime;
    private final List<ActorRef<Done>> closing = new ArrayList<>();
    /// Nobody has asked for anything since the last look.
    private boolean idle;
    /// The log is given back, to rest or to be opened again; requests wait.
    private boolean resting;
    /// Someone has asked for it to be opened again.
    private boolean reopening;
    /// It is given back to be truncated, and opened again; null where not.
    private Truncating truncating;
    /// Who has the log from now on; null where nobody else.
    private WalException fencedBy;
    private boolean releasing;
    private final List<LogRequest.Fence> fencing = new ArrayList<>();

    /// @param waiting takes out who waits for what the log, as it is open now, may not come to
    Ending(OpeningLog.Phases phases, LogParts parts, Supplier<List<LogRequest>> waiting) {
        this.phases = phases;
        this.parts = parts;
        this.waiting = waiting;
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

    /// The log completes what it has accepted, and then [#finish(boolean, boolean, long)] is
    /// called.
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
        waiting.get().forEach(phases.room()::add);
        resting = true;
        phases.life().become(new LogPhase.Closing());
    }

    void reopen(LogRequest.Reopen request) {
        reopening = true;
        phases.room().add(request);
        rest();
    }

    void truncate(LogRequest.Truncate request) {
        truncating = new Truncating(request);
        rest();
    }

    /// The log goes to a writer of a higher epoch, unless this one's is.
    void fence(LogRequest.Fence request) {
        if (phases.refuses(request)) {
            return;
        }
        fencing.add(request);
        if (!isClosing()) {
            fencedBy = phases.fencedBy(request);
            rest();
        }
    }

    /// The log takes no more; a truncation that has not begun is not begun.
    void poisoned(WalException cause) {
        if (truncating != null && !releasing) {
            truncating.cancel(cause);
        }
    }

    /// Closes the fragment that grows, and gives the log back.
    ///
    /// @param clean all of it is durable
    /// @param appended a record of the close is worth its while
    void finish(boolean clean, boolean appended, long durableId) {
        ActorRef<Done> finished = context().messageAdapter(Done.class,
                _ -> new LogEvent.FragmentFinished());
        if (!parts.fragments().finishGrowing(clean, appended, durableId, finished)) {
            release();
        }
    }

    /// Gives the log back; [LogEvent.Released] comes when it may be opened again.
    void release() {
        releasing = true;
        boolean mayWrite = parts.access().tryUse();
        assert mayWrite : "a log that is open may be written to";
        CompletableFuture<Void> left = CompletableFuture.runAsync(() -> {
            try {
                letGo();
            } finally {
                parts.access().endUse();
                endAccess();
            }
        }, phases.plan().resources().blocking());
        context().pipeToSelf(CompletableFuture.allOf(left, parts.access().ended()),
                (_, failure) -> {
                    if (failure != null) {
                        context().getLog().warn("log {} left something behind: {}",
                                phases.plan().logId(), Causes.of(failure).getMessage());
                    }
                    return new LogEvent.Released();
                });
    }

    /// What was truncated is opened again under the same lock, unless it is not known what it is.
    private void endAccess() {
        if (truncating != null && truncating.doubt().isEmpty()) {
            parts.access().keep();
        } else {
            parts.access().close();
        }
    }

    /// @throws WalException.Io where something was left behind for the next writer
    private void letGo() {
        Upkeep upkeep = parts.upkeep();
        upkeep.awaitAccepted();
        if (truncating == null) {
            upkeep.close();
            parts.nextFragment().close();
            return;
        }
        beforeTruncating(upkeep::saveFloors);
        upkeep.close();
        beforeTruncating(parts.nextFragment()::close);
        truncating.run(phases.plan().directory(), phases.plan().resources().environment(),
                parts.access(), parts.fragments().all());
    }

    /// Where this step fails nothing is truncated.
    private void beforeTruncating(Runnable step) {
        try {
            step.run();
        } catch (WalException refusal) {
            truncating.cancel(refusal);
        }
    }

    /// What comes when the log has been given back.
    Behavior<LogActor.Command> given(LogInfo left) {
        if (!resting) {
            return Behaviors.stopped();
        }
        phases.timers().cancelAll();
        parts.fragments().stop();
        fencing.forEach(request -> request.replyTo().tell(StatusReply.ack()));
        fencing.clear();
        if (fencedBy != null) {
            return failed(fencedBy);
        }
        if (truncating != null) {
            return truncated(truncating, left);
        }
        if (left.poisonedBy().isPresent() && !reopening) {
            return failed(WalException.Poisoned.by(left.poisonedBy().get()));
        }
        return RestingLog.after(phases, left);
    }

    /// Who has asked is told last, and sees the phase.
    private Behavior<LogActor.Command> truncated(Truncating done, LogInfo left) {
        truncating = null;
        Optional<Throwable> cause = done.doubt().or(left::poisonedBy);
        Behavior<LogActor.Command> next;
        if (cause.isPresent()) {
            parts.access().close();
            next = failed(WalException.Poisoned.by(cause.get()));
        } else {
            next = OpeningLog.again(phases, parts.access());
        }
        done.answer();
        return next;
    }

    private Behavior<LogActor.Command> failed(WalException cause) {
        Behavior<LogActor.Command> failed = FailedLog.create(phases, cause);
        phases.room().refuseAll(context().getSelf(), cause);
        return failed;
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
        if (truncating != null) {
            truncating.answerUnfinished(
                    new WalException.Closed("log " + phases.plan().logId()));
        }
        fencing.forEach(request -> request.replyTo().tell(StatusReply.ack()));
        closing.forEach(asker -> asker.tell(Done.done()));
    }

    private ActorContext<LogActor.Command> context() {
        return phases.context();
    }
}

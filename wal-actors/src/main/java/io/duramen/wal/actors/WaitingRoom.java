package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;

/// Requests to a log that is not open: they wait, up to a limit; beyond it they are refused as
/// overloaded. A request to close waits behind all of them, and is never refused.
final class WaitingRoom {
    static final int REQUESTS_MAX = 1000;

    private final OpeningLog.Plan plan;
    private final StashBuffer<LogActor.Command> stash;
    private final List<LogRequest.Close> closing = new ArrayList<>();
    private long waitingBytes;

    WaitingRoom(OpeningLog.Plan plan, StashBuffer<LogActor.Command> stash) {
        this.plan = plan;
        this.stash = stash;
    }

    void add(LogRequest request) {
        switch (request) {
            case LogRequest.Close close -> closing.add(close);
            case LogRequest.Append append -> addAppend(append, append);
            case LogRequest.AppendAt append -> addAppend(append, append.append());
            case LogRequest.Lend _,LogRequest.AwaitVisible _,LogRequest.Describe _ -> keep(request);
            case LogRequest.Trim _,LogRequest.ChangeFloor _,LogRequest.Rotate _ -> keep(request);
            case LogRequest.Truncate _,LogRequest.Fence _ -> keep(request);
            case LogRequest.FindTime _,LogRequest.Sync _,LogRequest.Reopen _ -> keep(request);
        }
    }

    private void keep(LogRequest request) {
        if (stash.isFull()) {
            Refusals.answer(request, new WalException.Overloaded("log " + plan.logId()
                    + " is being opened and " + REQUESTS_MAX
                    + " requests wait already: ask again later"));
        } else {
            stash.stash(request);
        }
    }

    /// @param append what it would append
    private void addAppend(LogRequest request, LogRequest.Append append) {
        PendingBytes all = plan.resources().pending();
        Optional<LogRequest.AppendAnswer> refusal =
                plan.admission().refusalOf(append, waitingBytes, new DrainRate());
        if (refusal.isPresent()) {
            append.replyTo().tell(refusal.get());
        } else if (stash.isFull() || !all.tryTake(append.weightBytes())) {
            append.replyTo().tell(new LogRequest.Overloaded(waitingBytes,
                    plan.settings().pendingBytesMax(), DrainRate.UNKNOWN));
        } else {
            waitingBytes += append.weightBytes();
            stash.stash(request);
        }
    }

    private void giveBack() {
        plan.resources().pending().giveBack(waitingBytes);
        waitingBytes = 0;
    }

    /// Nobody waits for the log to open.
    boolean isEmpty() {
        return stash.isEmpty();
    }

    boolean isClosing() {
        return !closing.isEmpty();
    }

    /// Lets all go on to who serves them now, in their order.
    Behavior<LogActor.Command> leaveTo(ActorRef<LogActor.Command> self,
            Behavior<LogActor.Command> next) {
        passClosing(self);
        giveBack();
        return stash.unstashAll(next);
    }

    /// Answers all with the reason why the log does not open; requests to close go on to who comes
    /// next.
    void refuseAll(ActorRef<LogActor.Command> self, WalException cause) {
        refuseWaiting(cause);
        passClosing(self);
    }

    private void passClosing(ActorRef<LogActor.Command> self) {
        closing.forEach(self::tell);
        closing.clear();
    }

    private void refuseWaiting(WalException cause) {
        stash.forEach(command -> Refusals.answer((LogRequest) command, cause));
        stash.clear();
        giveBack();
    }

    /// The actor has stopped, or is about to: answers all that wait.
    void endAll() {
        WalException closed = new WalException.Closed("log " + plan.logId());
        refuseWaiting(closed);
        closing.forEach(close -> Refusals.answer(close, closed));
        closing.clear();
    }
}

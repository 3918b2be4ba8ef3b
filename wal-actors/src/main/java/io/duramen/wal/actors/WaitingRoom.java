package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;

/// Requests to a log that is not open: they wait, up to a limit; beyond it they are refused as
/// overloaded. A request to close waits behind all of them, and is never refused; neither is a
/// writer of a higher epoch.
final class WaitingRoom {
    static final int REQUESTS_MAX = 1000;
    /// A handle is taken over once, so there is always room for that.
    static final int STASHED_MAX = REQUESTS_MAX + 1;

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
            case LogRequest.Fence _ -> keepUnless(stash.isFull(), request);
            case LogRequest.Truncate _,LogRequest.FindTime _ -> keep(request);
            case LogRequest.Sync _,LogRequest.Reopen _ -> keep(request);
        }
    }

    private boolean isFull() {
        return stash.size() >= REQUESTS_MAX;
    }

    private void keep(LogRequest request) {
        keepUnless(isFull(), request);
    }

    private void keepUnless(boolean full, LogRequest request) {
        if (full) {
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
        } else if (isFull() || !all.tryTake(append.weightBytes())) {
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

    /// Answers all with the reason why the log does not open; requests to close, and to make room
    /// for another writer, go on to who comes next.
    void refuseAll(ActorRef<LogActor.Command> self, WalException cause) {
        refuseWaiting(request -> {
            if (request instanceof LogRequest.Fence fence) {
                self.tell(fence);
            } else {
                Refusals.answer(request, cause);
            }
        });
        passClosing(self);
    }

    private void passClosing(ActorRef<LogActor.Command> self) {
        closing.forEach(self::tell);
        closing.clear();
    }

    private void refuseWaiting(Consumer<LogRequest> refusal) {
        stash.forEach(command -> refusal.accept((LogRequest) command));
        stash.clear();
        giveBack();
    }

    /// The actor has stopped, or is about to: answers all that wait.
    void endAll() {
        WalException closed = new WalException.Closed("log " + plan.logId());
        refuseWaiting(request -> Refusals.answer(request, closed));
        closing.forEach(close -> Refusals.answer(close, closed));
        closing.clear();
    }
}

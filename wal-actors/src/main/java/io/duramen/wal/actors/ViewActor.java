package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.log.LogFragments;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.LogView;
import io.duramen.wal.log.StorageInfo;
import io.duramen.wal.log.TruncationWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;

/// A log that another process writes, for reading: answers the same requests as its writer would,
/// but refuses appends. No process can wake another's readers, so while some wait here it looks
/// again at an interval.
///
/// Looking touches the disk, so it happens on a blocking thread, one look at a time; requests wait
/// for it in order.
///
/// Nobody here knows how far each reader has read. So where the log was truncated in front of an
/// entry that was shown, the view fails as a whole, and is to be made anew.
public final class ViewActor extends AbstractMatchingBehavior<ViewActor.Command> {
    /// What a view understands: requests, and messages of its own.
    public sealed interface Command extends NoSerializationVerificationNeeded
            permits LogRequest, Event {}

    /// What happened to something this actor started.
    sealed interface Event extends Command {}

    private record Opened(LogView view) implements Event {}

    private record Refreshed() implements Event {}

    private record Failed(Throwable cause) implements Event {}

    private enum Timer implements Event {
        LOOK
    }

    /// Where the view comes from.
    record Plan(LogId logId, Duration interval, WalResources resources, Supplier<LogView> open,
            LogLife life) {}

    private final Plan plan;
    private final TimerScheduler<Command> timers;
    private final CompletableFuture<LogView> opening;
    private final List<LogRequest> waiting = new ArrayList<>();
    private LogView view;
    private VisibleWaiters waiters;
    private TruncationWatch truncations;
    /// The last entry that was visible when a fragment was lent last; who waits for entries is told
    /// of others.
    private long lentId = -1;
    private TimeLookups lookups;
    private WalException failure;
    private boolean looking = true;

    static Behavior<Command> create(Plan plan) {
        return Behaviors.withTimers(
                timers -> Behaviors.setup(context -> new ViewActor(context, plan, timers)));
    }

    private ViewActor(ActorContext<Command> context, Plan plan, TimerScheduler<Command> timers) {
        super(context);
        this.plan = plan;
        this.timers = timers;
        this.opening = CompletableFuture.supplyAsync(plan.open(), plan.resources().blocking());
        context.pipeToSelf(opening, (opened, cause) -> cause == null ? new Opened(opened)
                : new Failed(Causes.of(cause)));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Opened opened -> {
                view = opened.view();
                waiters = new VisibleWaiters(view.fragments(), plan.life().truncations());
                truncations = view.fragments().watchTruncations();
                lookups = new TimeLookups(view.fragments(), plan.resources().blocking());
                plan.life().become(new LogPhase.Running(Optional.empty()));
                looked();
            }
            case Refreshed _ -> looked();
            case Failed failed -> onFailed(failed.cause());
            case Timer _ -> {
                if (!looking && failure == null) {
                    look();
                }
            }
            case LogRequest.Close close -> {
                letGo();
                close.replyTo().tell(Done.done());
                return Behaviors.stopped();
            }
            case LogRequest request -> onRequest(request);
        }
        return this;
    }

    private void onRequest(LogRequest request) {
        if (failure != null) {
            Refusals.answer(request, failure);
        } else if (looking) {
            waiting.add(request);
        } else if (isAboutNow(request)) {
            waiting.add(request);
            look();
        } else {
            serve(request);
        }
    }

    /// Nobody looks while nobody waits, so what is known may be old.
    private static boolean isAboutNow(LogRequest request) {
        return switch (request) {
            case LogRequest.Describe _,LogRequest.FindTime _ -> true;
            case LogRequest.AwaitVisible await -> await.entryId() == LogRequest.AwaitVisible.NOW;
            case LogRequest.Append _,LogRequest.Lend _,LogRequest.Close _ -> false;
            case LogRequest.Trim _,LogRequest.ChangeFloor _ -> false;
            case LogRequest.AppendAt _,LogRequest.Truncate _,LogRequest.Fence _ -> false;
            case LogRequest.Sync _,LogRequest.Reopen _,LogRequest.Rotate _ -> false;
        };
    }

    private void looked() {
        looking = false;
        try {
            checkNotTruncated();
        } catch (WalException.Truncated truncated) {
            onFailed(truncated);
            return;
        }
        waiters.wake();
        List<LogRequest> ready = List.copyOf(waiting);
        waiting.clear();
        ready.forEach(this::serve);
        lookAgainWhileSomeoneWaits();
    }

    /// @throws WalException.Truncated when the log was truncated in front of what was shown
    private void checkNotTruncated() {
        truncations.check(Math.max(lentId, waiters.toldId()) + 1);
    }

    private void lookAgainWhileSomeoneWaits() {
        if (!waiters.isEmpty() && !timers.isTimerActive(Timer.LOOK)) {
            timers.startSingleTimer(Timer.LOOK, plan.interval());
        }
    }

    private void look() {
        looking = true;
        getContext().pipeToSelf(
                CompletableFuture.supplyAsync(view::refresh, plan.resources().blocking()),
                (_, cause) -> cause == null ? new Refreshed() : new Failed(Causes.of(cause)));
    }

    private void onFailed(Throwable cause) {
        failure = WalException.Defect.orCause(cause);
        plan.life().become(new LogPhase.Failed(failure));
        waiting.forEach(request -> Refusals.answer(request, failure));
        waiting.clear();
        if (waiters != null) {
            waiters.failAll(failure);
        }
    }

    private void serve(LogRequest request) {
        switch (request) {
            case LogRequest.Lend lend -> lend(lend);
            case LogRequest.AwaitVisible await -> {
                waiters.add(await);
                lookAgainWhileSomeoneWaits();
            }
            case LogRequest.Describe describe ->
                    describe.replyTo().tell(StatusReply.success(info()));
            case LogRequest.FindTime find -> lookups.find(find);
            case LogRequest.Append _,LogRequest.Close _ -> refuse(request);
            case LogRequest.Trim _,LogRequest.ChangeFloor _ -> refuse(request);
            case LogRequest.AppendAt _,LogRequest.Truncate _,LogRequest.Fence _ -> refuse(request);
            case LogRequest.Sync _,LogRequest.Reopen _,LogRequest.Rotate _ -> refuse(request);
        }
    }

    private void refuse(LogRequest request) {
        Refusals.answer(request, Refusals.notWritable(plan.logId()));
    }

    private void lend(LogRequest.Lend request) {
        LogFragments fragments = view.fragments();
        long visibleId = fragments.visibleId();
        lentId = Math.max(lentId, visibleId);
        Lending.answer(request, fragments, _ -> Lending.lend(
                () -> leaseOn(request.entryId()), request.slot(), request.replyTo(), visibleId));
    }

    /// Finding another file than it knew, the view looks again: this may be one of another life.
    private FragmentLease leaseOn(long entryId) {
        FragmentLease lease = view.fragments().leaseOn(entryId);
        try {
            checkNotTruncated();
            return lease;
        } catch (WalException.Truncated truncated) {
            lease.close();
            throw truncated;
        }
    }

    private LogInfo info() {
        long lastId = view.nextId() - 1;
        return new LogInfo(plan.logId(), view.firstId(), view.nextId(), lastId, lastId,
                view.fragments().all().size(), LogInfo.READ_ONLY,
                plan.resources().scheduler().driverName(), StorageInfo.ofView(view.fragments()),
                Optional.empty());
    }

    private void letGo() {
        WalException closed = new WalException.Closed("the view of log " + plan.logId());
        waiting.forEach(request -> Refusals.answer(request, closed));
        waiting.clear();
        if (waiters != null) {
            waiters.failAll(closed);
        }
        opening.thenAcceptAsync(LogView::close, plan.resources().blocking());
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            letGo();
        }
        return this;
    }
}

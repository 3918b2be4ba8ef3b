package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.actors.LogEvent.DiskFailed;
import io.duramen.wal.actors.LogEvent.FragmentFinished;
import io.duramen.wal.actors.LogEvent.FragmentIdle;
import io.duramen.wal.actors.LogEvent.FragmentReady;
import io.duramen.wal.actors.LogEvent.FragmentRefused;
import io.duramen.wal.actors.LogEvent.FragmentSealed;
import io.duramen.wal.actors.LogEvent.FragmentStopped;
import io.duramen.wal.actors.LogEvent.GroupRefused;
import io.duramen.wal.actors.LogEvent.GroupWritten;
import io.duramen.wal.actors.LogEvent.OpenFailed;
import io.duramen.wal.actors.LogEvent.Opened;
import io.duramen.wal.actors.LogEvent.Released;
import io.duramen.wal.actors.LogEvent.Synced;
import io.duramen.wal.actors.LogEvent.Timer;
import io.duramen.wal.actors.LogRequest.Append;
import io.duramen.wal.actors.LogRequest.AwaitVisible;
import io.duramen.wal.actors.LogRequest.Close;
import io.duramen.wal.actors.LogRequest.Describe;
import io.duramen.wal.actors.LogRequest.Lend;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RecoveredLog;
import io.duramen.wal.log.Rotation;
import io.duramen.wal.log.RotationPolicy;
import io.duramen.wal.log.WritableFragment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;

/// One log, open for writing. It gives ids, decides what makes a group and when to rotate, and
/// answers; its [FragmentActor]s own the files. One thing is under way at a time: a group, a sync
/// or a rotation.
///
/// Life: [OpeningLog] recovers; this class runs; after the first failed write or sync it refuses
/// appends and goes on reading; [Close] ends it. [FailedLog] answers where opening failed.
public final class LogActor extends AbstractMatchingBehavior<LogActor.Command> {
    /// What a log's writer understands: requests, and messages of its own.
    public sealed interface Command extends NoSerializationVerificationNeeded
            permits LogRequest, LogEvent {}

    /// What is under way.
    private enum Activity {
        NONE, WRITING, SYNCING, ROTATING, CLOSING
    }

    private final LogId logId;
    private final LogSettings settings;
    private final WalResources resources;
    private final WriteAccess access;
    private final Admission admission;
    private final TimerScheduler<Command> timers;
    private final RotationPolicy policy;
    private final Rotation rotation;
    private final FragmentActors fragments;
    private final VisibleWaiters waiters;
    private final LogState state;
    private final CommitQueue queue = new CommitQueue();
    private final List<ActorRef<Done>> closing = new ArrayList<>();
    private FragmentSpace space;
    private Activity activity = Activity.NONE;
    /// The group under way is synced as soon as it is written.
    private boolean groupSyncs;
    private boolean syncWanted;
    private CompletableFuture<WritableFragment> opening;
    private Throwable poison;

    static Behavior<Command> create(LogId logId, Path basePath, LogSettings settings,
            WalSettings wal, WalResources resources) {
        return OpeningLog.create(new OpeningLog.Plan(logId, basePath, settings, wal, resources));
    }

    LogActor(ActorContext<Command> context, TimerScheduler<Command> timers, OpeningLog.Plan plan,
            Opened opened) {
        super(context);
        this.logId = plan.logId();
        this.settings = plan.settings();
        this.resources = plan.resources();
        this.access = new WriteAccess(opened.lock());
        this.admission = plan.admission();
        this.timers = timers;
        this.policy = new RotationPolicy(settings);
        RecoveredLog recovered = opened.recovered();
        this.rotation = new Rotation(plan.directory(), resources.environment(), settings,
                recovered.writerEpoch(), _ -> {});
        this.fragments =
                new FragmentActors(context, resources, new FragmentActor.Owner(context.getSelf(),
                        access, settings.ioMode(), plan.wal().fragmentIdleTimeout()), recovered);
        this.waiters = new VisibleWaiters(fragments.all());
        this.state = new LogState(settings, fragments.all(), opened.lock().status(),
                recovered.end());
        opened.lock().begin(logId, recovered.writerEpoch(), state.durableId(), settings.ioMode(),
                resources.scheduler().driverName());
        recovered.tip().ifPresent(this::grow);
    }

    private void grow(WritableFragment tip) {
        space = FragmentSpace.of(tip.writer().header(), tip.writer().endOfData(),
                tip.writer().entryCount());
        fragments.grow(tip);
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Append append -> onAppend(append);
            case Lend lend -> fragments.lend(lend);
            case AwaitVisible await -> onAwaitVisible(await);
            case Describe describe -> describe.replyTo().tell(StatusReply.success(info()));
            case Close close -> onClose(close);
            case GroupWritten written -> onGroupWritten(written);
            case GroupRefused refused -> onGroupRefused(refused.cause());
            case Synced _ -> onSynced();
            case DiskFailed failed -> onDiskFailed(failed.cause());
            case FragmentReady ready -> onFragmentReady(ready.fragment());
            case FragmentRefused refused -> onFragmentRefused(refused.cause());
            case FragmentSealed ended -> onFragmentSealed(ended);
            case FragmentIdle idle -> fragments.passivate(idle);
            case Timer _ -> syncWanted = true;
            case FragmentFinished _ -> release();
            case FragmentStopped gone -> onFragmentStopped(gone);
            case Released _ -> {
                return Behaviors.stopped();
            }
            case Opened _,OpenFailed _ ->
                    throw new IllegalStateException("the log is open already");
        }
        proceed();
        return this;
    }

    private void onAppend(Append append) {
        if (poison != null) {
            append.replyTo().tell(new LogRequest.NotWritten(new WalException.Poisoned(poison)));
        } else if (!closing.isEmpty()) {
            append.replyTo().tell(new LogRequest.NotWritten(closed()));
        } else {
            admission.refusalOf(append, queue.pendingBytes()).ifPresentOrElse(
                    append.replyTo()::tell, () -> queue.add(append));
        }
    }

    /// Starts what is to be done next, unless something is under way.
    private void proceed() {
        if (activity != Activity.NONE) {
            return;
        }
        refuseWhatNeverFits();
        if (poison == null && !queue.isEmpty() && !isRotationHeldUp()) {
            if (space == null || isRotationDue()) {
                rotate();
            } else {
                writeGroup();
            }
        } else if (poison == null && state.hasUnsynced() && (syncWanted || !closing.isEmpty())) {
            sync(Activity.SYNCING);
        } else if (!closing.isEmpty() && !fragments.isSealing()) {
            activity = Activity.CLOSING;
            finish();
        }
    }

    /// An empty fragment is never rotated; one of a writer with other settings may be too small.
    private void refuseWhatNeverFits() {
        while (space != null && space.entryCount() == 0 && !queue.isEmpty()
                && !space.holds(queue.next().entriesBytes(), queue.next().entries())) {
            WalException cause =
                    queue.next().tooLarge(space.geometry().largestPayloadBytes());
            queue.refuseFirst(unknown(cause), new LogRequest.NotWritten(cause));
        }
    }

    /// At most two fragments have no footer: the next one waits until the one before has its own.
    private boolean isRotationHeldUp() {
        return fragments.isSealing() && isRotationDue();
    }

    private boolean isRotationDue() {
        CommitQueue.Unit next = queue.next();
        return policy.isDue(space.holds(next.entriesBytes(), next.entries()), space.entryCount(),
                next.entries(), space.createdNanos(), resources.clock());
    }

    private void writeGroup() {
        activity = Activity.WRITING;
        long entriesLeft = Math.max(1, settings.fragmentEntriesMax() - space.entryCount());
        CommitQueue.Group group =
                queue.take(space, state.nextId(),
                        settings.ioMode().groupBytesMax(resources.pool().slotBytes()), entriesLeft);
        groupSyncs = group.sync() || syncWanted;
        fragments.growing()
                .tell(new FragmentActor.WriteGroup(group.payloads(), group.continues(), groupSyncs,
                        state.durableId()));
    }

    private void onGroupWritten(GroupWritten written) {
        long entries = written.end().nextId() - state.nextId();
        state.written(written.end(), written.groupBytes());
        space = space.grownTo(written.endOfData(), space.entryCount() + entries);
        queue.written();
        waiters.wake();
        if (policy.isSuccessorWanted(space.endOfData(), space.entryCount())) {
            rotation.prepareSuccessor();
        }
        if (groupSyncs) {
            activity = Activity.SYNCING;
            return;
        }
        activity = Activity.NONE;
        syncWanted |= state.isSyncDue();
        if (!timers.isTimerActive(Timer.SYNC_DUE)) {
            timers.startSingleTimer(Timer.SYNC_DUE, settings.unsyncedDelayMax());
        }
    }

    private void sync(Activity next) {
        activity = next;
        fragments.growing().tell(new FragmentActor.Sync());
    }

    private void onSynced() {
        syncWanted = false;
        timers.cancel(Timer.SYNC_DUE);
        state.synced();
        queue.synced();
        waiters.wake();
        if (activity == Activity.ROTATING) {
            openNextFragment();
        } else {
            activity = Activity.NONE;
        }
    }

    private void rotate() {
        activity = Activity.ROTATING;
        if (state.hasUnsynced()) {
            sync(Activity.ROTATING);
        } else {
            openNextFragment();
        }
    }

    private void openNextFragment() {
        boolean mayWrite = access.tryUse();
        assert mayWrite : "a log that is open may be written to";
        WritableFragment next = rotation.plan(state.end());
        opening = CompletableFuture.supplyAsync(() -> {
            rotation.activate(next);
            return next;
        }, resources.blocking());
        opening.whenComplete((_, _) -> access.endUse());
        getContext().pipeToSelf(opening,
                (_, failure) -> failure == null ? new FragmentReady(next)
                        : new FragmentRefused(Causes.of(failure)));
    }

    private void onFragmentReady(WritableFragment next) {
        opening = null;
        fragments.sealGrowing(state.writtenId());
        grow(next);
        activity = Activity.NONE;
    }

    /// Where the disk is full nothing of what waits was written, save the first entries of an
    /// append that began in the fragment before: the log goes on as if it had not been asked.
    private void onFragmentRefused(Throwable cause) {
        opening = null;
        activity = Activity.NONE;
        if (cause instanceof WalException.DiskFull full) {
            queue.failAll(unknown(full), new LogRequest.NotWritten(full));
        } else {
            poison(cause);
        }
    }

    private void onGroupRefused(WalException cause) {
        activity = Activity.NONE;
        queue.refuseGroup(unknown(cause), cause instanceof WalException.Overloaded
                ? new LogRequest.Overloaded(queue.pendingBytes(), settings.pendingBytesMax())
                : new LogRequest.NotWritten(cause));
    }

    private static LogRequest.Unknown unknown(Throwable cause) {
        return new LogRequest.Unknown(new WalException.OutcomeUnknown(cause));
    }

    private void onFragmentSealed(FragmentSealed ended) {
        fragments.sealed();
        ended.failure().ifPresent(failure -> poison(Causes.of(failure)));
    }

    private void onDiskFailed(WalException cause) {
        endActivity();
        poison(cause);
    }

    private void onFragmentStopped(FragmentStopped gone) {
        boolean wasGrowing = fragments.stopped(gone.actor());
        if (wasGrowing) {
            endActivity();
        }
        poison(new WalException.Defect(new IllegalStateException("a fragment's actor stopped")));
        if (wasGrowing && activity == Activity.CLOSING) {
            release();
        }
    }

    private void endActivity() {
        if (activity != Activity.CLOSING) {
            activity = Activity.NONE;
        }
    }

    /// Takes no more appends, for good. What is under way may be in the log or not, and goes on.
    private void poison(Throwable cause) {
        if (poison == null) {
            poison = cause;
            getContext().getLog().error("log {} takes no more appends: {}", logId,
                    cause.getMessage());
        }
        queue.failAll(unknown(cause), new LogRequest.NotWritten(new WalException.Poisoned(cause)));
    }

    private LogInfo info() {
        return new LogInfo(logId, fragments.all().firstId(), state.nextId(), state.writtenId(),
                state.durableId(), fragments.all().all().size(), settings.ioMode().toString(),
                resources.scheduler().driverName(), Optional.ofNullable(poison));
    }

    private void onAwaitVisible(AwaitVisible await) {
        waiters.add(await);
        if (!closing.isEmpty()) {
            waiters.failAll(closed());
        }
    }

    private void onClose(Close close) {
        closing.add(close.replyTo());
        waiters.failAll(closed());
    }

    private WalException closed() {
        return new WalException.Closed("log " + logId);
    }

    private void finish() {
        ActorRef<Done> finished =
                getContext().messageAdapter(Done.class, _ -> new FragmentFinished());
        if (!fragments.finishGrowing(poison == null && state.hasAppended(), state.durableId(),
                finished)) {
            release();
        }
    }

    private void release() {
        CompletableFuture<Void> releasing = CompletableFuture.runAsync(() -> {
            try {
                rotation.close();
            } finally {
                access.close();
            }
        }, resources.blocking());
        getContext().pipeToSelf(releasing, (_, _) -> new Released());
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            onStopped();
        }
        return this;
    }

    /// Closed, or stopped in the middle: then the next writer recovers.
    private void onStopped() {
        if (opening != null) {
            opening.thenAccept(WritableFragment::close);
        }
        access.close();
        queue.failAll(unknown(closed()), new LogRequest.NotWritten(closed()));
        waiters.failAll(closed());
        closing.forEach(asker -> asker.tell(Done.done()));
    }
}

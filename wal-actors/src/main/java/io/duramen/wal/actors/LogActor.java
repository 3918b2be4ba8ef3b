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
import io.duramen.wal.log.LogMeter;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RecoveredLog;
import io.duramen.wal.log.Retention;
import io.duramen.wal.log.Rotation;
import io.duramen.wal.log.WritableFragment;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;

/// One log, open for writing. It gives ids, decides what makes a group and when to rotate, and
/// answers; its [FragmentActor]s own the files. One thing is under way at a time: a group, a sync
/// or a rotation.
///
/// Life: [OpeningLog] recovers; this class runs; after the first failed write or sync it refuses
/// appends and goes on reading; [Close] ends it. [FailedLog] answers where opening failed,
/// [RestingLog] while nobody uses the log. It is one actor all the time, so that whoever has its
/// reference need not know.
public final class LogActor extends AbstractMatchingBehavior<LogActor.Command> {
    /// What a log's writer understands: requests, and messages of its own.
    public sealed interface Command extends NoSerializationVerificationNeeded
            permits LogRequest, LogEvent {}

    /// What is under way.
    private enum Activity {
        NONE, WRITING, SYNCING, ROTATING, CLOSING
    }

    private final OpeningLog.Phases phases;
    private final LogId logId;
    private final LogSettings settings;
    private final WalResources resources;
    private final WriteAccess access;
    private final GroupPlan groups;
    private final CommitQueue queue;
    private final TimerScheduler<Command> timers;
    private final NextFragment nextFragment;
    private final FragmentActors fragments;
    private final Upkeep upkeep;
    private final VisibleWaiters waiters;
    private final SyncWaiters syncs = new SyncWaiters();
    private final TimeLookups lookups;
    private final LogPhase running;
    private final LogState state;
    private final Ending ending;
    private Activity activity = Activity.NONE;
    /// The group under way is synced as soon as it is written.
    private boolean groupSyncs;
    private boolean syncWanted;
    private Throwable poison;

    static Behavior<Command> create(LogId logId, Path basePath, LogSettings settings,
            WalSettings wal, WalResources resources) {
        return OpeningLog.create(new OpeningLog.Plan(logId, basePath, settings, wal, resources,
                new LogLife(LogMeter.of(logId), _ -> {})));
    }

    LogActor(OpeningLog.Phases phases, Opened opened) {
        super(phases.context());
        ActorContext<Command> context = getContext();
        OpeningLog.Plan plan = phases.plan();
        this.phases = phases;
        this.logId = plan.logId();
        this.settings = opened.recovered().settings();
        this.resources = plan.resources();
        this.access = new WriteAccess(opened.lock());
        this.timers = phases.timers();
        this.groups = new GroupPlan(settings, plan.admission(), resources, phases.life().meter());
        this.queue = groups.queue();
        RecoveredLog recovered = opened.recovered();
        Rotation rotation = new Rotation(plan.directory(), resources.environment(), settings,
                recovered.writerEpoch(), Rotation.Listener.NONE);
        this.nextFragment = new NextFragment(context, resources, access, rotation);
        this.fragments =
                new FragmentActors(context, resources, new FragmentActor.Owner(context.getSelf(),
                        access, settings.ioMode(), plan.wal().fragmentIdleTimeout()), recovered);
        ActorRef<Command> self = context.getSelf();
        this.upkeep = new Upkeep(context.getLog(), new Retention(plan.directory(),
                resources.environment(), settings, recovered, fragments.all(), rotation,
                failure -> self.tell(new LogEvent.TrimFailed(failure))), access, resources);
        this.lookups = new TimeLookups(fragments.all(), resources.blocking());
        this.waiters = new VisibleWaiters(fragments.all());
        this.state = new LogState(settings, fragments.all(), opened.lock().status(),
                phases.life().meter(), recovered.end());
        opened.lock().begin(logId, recovered.writerEpoch(), state.durableId(), settings.ioMode(),
                resources.scheduler().driverName());
        recovered.tip().ifPresent(this::grow);
        this.running = new LogPhase.Running(Optional.of(recovered.report()));
        phases.life().become(running);
        this.ending = new Ending(phases,
                new Ending.Parts(fragments, upkeep, nextFragment, access));
    }

    private void grow(WritableFragment tip) {
        groups.grow(tip);
        fragments.grow(tip);
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        if (command instanceof LogRequest request && ending.keeps(request)) {
            return this;
        }
        switch (command) {
            case Append append -> onAppend(append);
            case Lend lend -> fragments.lend(lend);
            case AwaitVisible await -> onAwaitVisible(await);
            case Describe describe -> describe.replyTo().tell(StatusReply.success(info()));
            case LogRequest.Trim trim -> upkeep.trim(trim, refusal());
            case LogRequest.ChangeFloor change -> upkeep.change(change, refusal());
            case LogRequest.FindTime find -> lookups.find(find);
            case LogRequest.Sync sync -> refusal().ifPresentOrElse(
                    cause -> Refusals.answer(sync, cause), () -> syncs.add(sync, queue.added()));
            case LogRequest.Reopen reopen -> onReopen(reopen);
            case Close close -> onClose(close);
            case GroupWritten written -> onGroupWritten(written);
            case GroupRefused refused -> onGroupRefused(refused.cause());
            case Synced _ -> onSynced();
            case DiskFailed failed -> onDiskFailed(failed.cause());
            case LogEvent.TrimFailed failed -> poison(failed.cause());
            case FragmentReady ready -> onFragmentReady(ready.fragment());
            case FragmentRefused refused -> onFragmentRefused(refused.cause());
            case FragmentSealed ended -> onFragmentSealed(ended);
            case FragmentIdle idle -> fragments.passivate(idle);
            case Timer timer -> onTimer(timer);
            case FragmentFinished _ -> ending.release();
            case FragmentStopped gone -> onFragmentStopped(gone);
            case Released _ -> {
                return ending.given(info());
            }
            case Opened _,OpenFailed _ ->
                    throw new IllegalStateException("the log is open already");
        }
        proceed();
        return this;
    }

    private void onAppend(Append append) {
        refusal().<LogRequest.AppendAnswer> map(LogRequest.NotWritten::new)
                .or(() -> groups.offer(append)).ifPresent(append.replyTo()::tell);
    }

    /// Why the log takes no more, where it does not.
    private Optional<WalException> refusal() {
        return poison != null ? Optional.of(new WalException.Poisoned(poison))
                : ending.isClosing() ? Optional.of(closed()) : Optional.empty();
    }

    /// Starts what is to be done next, unless something is under way.
    private void proceed() {
        if (activity != Activity.NONE) {
            return;
        }
        groups.refuseWhatNeverFits();
        if (!state.hasUnsynced()) {
            syncs.reached(queue.taken());
        }
        syncWanted |= !syncs.isEmpty();
        if (poison == null && !queue.isEmpty() && !isRotationHeldUp()) {
            if (groups.isFragmentWanted()) {
                rotate();
            } else {
                writeGroup();
            }
        } else if (poison == null && state.hasUnsynced() && (syncWanted || ending.isBegun())) {
            sync(Activity.SYNCING);
        } else if (ending.isBegun() && !fragments.isSealing()) {
            activity = Activity.CLOSING;
            ending.finish(poison == null && state.hasAppended(), state.durableId());
        }
    }

    /// At most two fragments have no footer: the next one waits until the one before has its own.
    private boolean isRotationHeldUp() {
        return fragments.isSealing() && groups.isFragmentWanted();
    }

    private void writeGroup() {
        activity = Activity.WRITING;
        state.begin();
        CommitQueue.Group group = groups.take(state.nextId());
        groupSyncs = group.sync() || syncWanted;
        fragments.growing()
                .tell(new FragmentActor.WriteGroup(group.payloads(), group.continues(), groupSyncs,
                        group.writtenMatters(), state.durableId()));
    }

    private void onGroupWritten(GroupWritten written) {
        long entries = written.end().nextId() - state.nextId();
        state.written(written.end(), written.groupBytes());
        groups.written(entries, written.endOfData());
        waiters.wake();
        if (groups.isSuccessorWanted()) {
            nextFragment.prepare();
        }
        if (groupSyncs) {
            activity = Activity.SYNCING;
            return;
        }
        activity = Activity.NONE;
        groups.ended();
        syncWanted |= state.isSyncDue();
        if (!timers.isTimerActive(Timer.SYNC_DUE)) {
            timers.startSingleTimer(Timer.SYNC_DUE, settings.unsyncedDelayMax());
        }
    }

    private void sync(Activity next) {
        activity = next;
        state.begin();
        fragments.growing().tell(new FragmentActor.Sync());
    }

    private void onSynced() {
        syncWanted = false;
        timers.cancel(Timer.SYNC_DUE);
        state.synced();
        queue.synced();
        groups.ended();
        waiters.wake();
        if (activity == Activity.ROTATING) {
            nextFragment.open(state.end());
        } else {
            activity = Activity.NONE;
        }
    }

    private void rotate() {
        activity = Activity.ROTATING;
        phases.life().become(new LogPhase.Rotating());
        if (state.hasUnsynced()) {
            sync(Activity.ROTATING);
        } else {
            nextFragment.open(state.end());
        }
    }

    private void onFragmentReady(WritableFragment next) {
        arrived();
        fragments.sealGrowing(state.writtenId());
        grow(next);
    }

    private void arrived() {
        nextFragment.arrived();
        activity = Activity.NONE;
        if (poison == null && !ending.isClosing()) {
            phases.life().become(running);
        }
    }

    /// Where the disk is full nothing of what waits was written, save the first entries of an
    /// append that began in the fragment before: the log goes on as if it had not been asked.
    private void onFragmentRefused(Throwable cause) {
        arrived();
        if (cause instanceof WalException.DiskFull full) {
            queue.failAll(Refusals.unknown(full), new LogRequest.NotWritten(full));
        } else {
            poison(cause);
        }
    }

    private void onGroupRefused(WalException cause) {
        activity = Activity.NONE;
        queue.refuseGroup(Refusals.unknown(cause), cause instanceof WalException.Overloaded
                ? groups.overloaded()
                : new LogRequest.NotWritten(cause));
    }

    private void onFragmentSealed(FragmentSealed ended) {
        fragments.sealed();
        ended.failure().ifPresentOrElse(failure -> poison(Causes.of(failure)),
                () -> upkeep.afterSeal(refusal()));
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
            ending.release();
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
            phases.life().become(new LogPhase.Poisoned(cause));
            getContext().getLog().error("log {} takes no more appends: {}", logId,
                    cause.getMessage());
        }
        WalException poisoned = new WalException.Poisoned(cause);
        queue.failAll(Refusals.unknown(cause), new LogRequest.NotWritten(poisoned));
        syncs.failAll(poisoned);
    }

    private LogInfo info() {
        return new LogInfo(logId, fragments.all().firstId(), state.nextId(), state.writtenId(),
                state.durableId(), fragments.all().all().size(), settings.ioMode().toString(),
                resources.scheduler().driverName(), upkeep.info(),
                Optional.ofNullable(poison));
    }

    private void onAwaitVisible(AwaitVisible await) {
        waiters.add(await);
        if (ending.isClosing()) {
            waiters.failAll(closed());
        }
    }

    private void onClose(Close close) {
        ending.close(close);
        waiters.failAll(closed());
    }

    private void onReopen(LogRequest.Reopen reopen) {
        if (ending.isClosing()) {
            Refusals.answer(reopen, closed());
        } else if (poison == null) {
            reopen.replyTo().tell(StatusReply.success(info()));
        } else {
            ending.reopen(reopen, waiters.leave());
        }
    }

    private void onTimer(Timer timer) {
        switch (timer) {
            case SYNC_DUE -> syncWanted = true;
            case IDLE -> ending.lookWhetherIdle(isQuiet());
        }
    }

    private boolean isQuiet() {
        return activity == Activity.NONE && queue.isEmpty() && waiters.isEmpty()
                && !fragments.isSealing() && !state.hasUnsynced() && poison == null;
    }

    private WalException closed() {
        return new WalException.Closed("log " + logId);
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            ending.abandon();
            queue.failAll(Refusals.unknown(closed()), new LogRequest.NotWritten(closed()));
            waiters.failAll(closed());
            syncs.failAll(closed());
            ending.answerAll();
        }
        return this;
    }
}

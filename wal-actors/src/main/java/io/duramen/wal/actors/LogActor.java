package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.WritableFragment;
import io.duramen.wal.log.WriterFence;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;

/// One log, open for writing. It gives ids, decides what makes a group and when to rotate, and
/// answers; its [FragmentActor]s own the files. One thing is under way at a time: a group, a sync
/// or a rotation. Under load the next group is encoded while one is at the disk.
///
/// Life: [OpeningLog] recovers; this class runs; after the first failed write or sync it refuses
/// appends and goes on reading; [LogRequest.Close] ends it. [FailedLog] answers where opening
/// failed, [RestingLog] while nobody uses the log. It is one actor all the time, so that whoever
/// has its reference need not know.
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
    private final GroupPlan groups;
    private final CommitQueue queue;
    private final PlacedAppends placed;
    private final WriterFence fence;
    private final TimerScheduler<Command> timers;
    private final NextFragment nextFragment;
    private final FragmentActors fragments;
    private final Upkeep upkeep;
    private final VisibleWaiters waiters;
    private final SyncWaiters syncs = new SyncWaiters();
    private final RotationRequests rotations = new RotationRequests();
    private final TimeLookups lookups;
    private final LogPhase running;
    private final LogState state;
    private final Ending ending;
    private Activity activity = Activity.NONE;
    private boolean syncWanted;
    private Throwable poison;

    LogActor(OpeningLog.Phases phases, LogEvent.Opened opened) {
        super(phases.context());
        this.phases = phases;
        this.logId = phases.plan().logId();
        this.settings = opened.recovered().settings();
        this.resources = phases.plan().resources();
        this.timers = phases.timers();
        LogParts parts = LogParts.of(phases, opened);
        this.groups = parts.groups();
        this.queue = groups.queue();
        this.state = parts.state();
        this.placed = new PlacedAppends(groups, state, settings, resources, timers);
        this.fence = parts.fence();
        this.nextFragment = parts.nextFragment();
        this.fragments = parts.fragments();
        this.upkeep = parts.upkeep();
        this.lookups = new TimeLookups(fragments.all(), resources.blocking());
        this.waiters = new VisibleWaiters(fragments.all(), phases.life().truncations());
        this.ending = new Ending(phases, parts, () -> Stream.<LogRequest> concat(
                waiters.leave().stream(), placed.leave().stream()).toList());
        phases.life().opened(opened.lock().status());
        opened.recovered().tip().ifPresent(this::grow);
        this.running = new LogPhase.Running(Optional.of(opened.recovered().report()));
        phases.life().become(running);
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
            case LogRequest.Append append -> unlessRefused(append,
                    () -> groups.offer(append).ifPresent(append.replyTo()::tell));
            case LogRequest.AppendAt append -> unlessRefused(append, () -> placed.add(append));
            case LogRequest.Lend lend -> fragments.lend(lend);
            case LogRequest.AwaitVisible await -> onAwaitVisible(await);
            case LogRequest.Describe asked -> asked.replyTo().tell(StatusReply.success(info()));
            case LogRequest.Trim trim -> upkeep.trim(trim, refusal());
            case LogRequest.Truncate truncate -> unlessRefused(truncate,
                    () -> ending.truncate(truncate));
            case LogRequest.Fence higher -> ending.fence(higher);
            case LogRequest.ChangeFloor change -> upkeep.change(change, refusal());
            case LogRequest.FindTime find -> lookups.find(find);
            case LogRequest.Sync sync -> unlessRefused(sync, () -> syncs.add(sync, queue.added()));
            case LogRequest.Rotate rotate -> unlessRefused(rotate, () -> rotations.add(rotate));
            case LogRequest.Reopen reopen -> onReopen(reopen);
            case LogRequest.Close close -> onClose(close);
            case LogEvent.GroupEncoded _ -> groups.encoded();
            case LogEvent.GroupWritten written -> onGroupWritten(written);
            case LogEvent.GroupRefused refused ->
                    activity = groups.refused(refused.cause()) ? Activity.NONE : activity;
            case LogEvent.Synced _ -> onSynced();
            case LogEvent.DiskFailed failed -> onDiskFailed(failed.cause());
            case LogEvent.TrimFailed failed -> poison(failed.cause());
            case LogEvent.FragmentReady ready -> onFragmentReady(ready.fragment());
            case LogEvent.FragmentRefused refused -> onFragmentRefused(refused.cause());
            case LogEvent.FragmentSealed ended -> onFragmentSealed(ended);
            case LogEvent.FragmentIdle idle -> fragments.passivate(idle);
            case LogEvent.Timer timer -> onTimer(timer);
            case LogEvent.FragmentFinished _ -> ending.release();
            case LogEvent.FragmentStopped gone -> onFragmentStopped(gone);
            case LogEvent.Released _ -> {
                return ending.given(info());
            }
            case LogEvent.Recovering _,LogEvent.Opened _,LogEvent.OpenFailed _ ->
                    throw new IllegalStateException("the log is open already");
        }
        proceed();
        return this;
    }

    private void unlessRefused(LogRequest request, Runnable serve) {
        refusal().ifPresentOrElse(cause -> Refusals.answer(request, cause), serve);
    }

    /// Why the log takes no more, where it does not.
    private Optional<WalException> refusal() {
        return poison != null ? Optional.of(WalException.Poisoned.by(poison))
                : ending.isClosing() ? Optional.of(closed()) : Optional.empty();
    }

    /// Starts what is to be done next, unless something is under way. At most two fragments have no
    /// footer: the next one waits until the one before has its own.
    private void proceed() {
        do {
            groups.refuseMisplaced(state.nextId()); // before others are placed behind them
            placed.proceed();
        } while (activity == Activity.NONE && groups.refuseWhatNeverFits());
        if (activity != Activity.NONE) {
            goAhead();
            return;
        }
        if (!state.hasUnsynced()) {
            syncs.reached(queue.taken());
        }
        syncWanted |= !syncs.isEmpty() || placed.wantsSync();
        if (queue.isEmpty() && !groups.mayRotate()) {
            rotations.answer(false);
        }
        boolean rotates = !rotations.isEmpty() && groups.mayRotate() || groups.isFragmentWanted();
        if (poison == null && rotates && !fragments.isSealing() && !isFenced()) {
            rotate();
        } else if (poison == null && !rotates && !queue.isEmpty() && !isFenced()) {
            activity = Activity.WRITING;
            state.begin();
            sendGroup();
        } else if (poison == null && state.hasUnsynced() && (syncWanted || ending.isBegun())) {
            sync(Activity.SYNCING);
        } else if (ending.isBegun() && !fragments.isSealing()) {
            activity = Activity.CLOSING;
            ending.finish(poison == null && !state.hasUnsynced(),
                    state.hasAppended() && groups.mayRotate(), state.durableId());
        }
    }

    /// Has the next group encoded while one is at the disk, unless something is to come between.
    private void goAhead() {
        boolean free = poison == null && !ending.isBegun() && rotations.isEmpty() && !syncWanted
                && syncs.isEmpty() && !placed.wantsSync();
        if (free && groups.mayGoAhead() && !isFenced()) {
            sendGroup();
        }
    }

    private void sendGroup() {
        fragments.growing().tell(groups.take(state.nextId(), syncWanted, state.durableId()));
    }

    private void onGroupWritten(LogEvent.GroupWritten written) {
        if (isFenced()) {
            return;
        }
        assert written.groupBytes() == OpenGroup.bytesFor(queue.underWay().entriesBytes());
        state.written(written.end(), written.groupBytes());
        queue.written();
        waiters.wake();
        if (groups.isSuccessorWanted()) {
            nextFragment.prepare();
        }
        if (queue.underWay().sync()) {
            activity = Activity.SYNCING;
            return;
        }
        endGroup();
        syncWanted |= state.isSyncDue();
        if (!timers.isTimerActive(LogEvent.Timer.SYNC_DUE)) {
            timers.startSingleTimer(LogEvent.Timer.SYNC_DUE, settings.unsyncedDelayMax());
        }
    }

    /// One that was taken meanwhile goes to the disk as soon as it is encoded.
    private void endGroup() {
        activity = groups.ended() ? Activity.NONE : Activity.WRITING;
        state.begin();
    }

    private void sync(Activity next) {
        activity = next;
        state.begin();
        fragments.growing().tell(new FragmentActor.Sync());
    }

    private void onSynced() {
        if (isFenced()) {
            return;
        }
        syncWanted = false;
        timers.cancel(LogEvent.Timer.SYNC_DUE);
        state.synced();
        queue.synced();
        waiters.wake();
        if (activity == Activity.ROTATING) {
            nextFragment.open(state.end());
        } else {
            endGroup();
        }
    }

    /// A look before each group and rotation, and before a write or a sync is acknowledged: what
    /// was under way may have met what the next writer does.
    private boolean isFenced() {
        try {
            fence.check();
            return false;
        } catch (WalException.Fenced fenced) {
            onDiskFailed(fenced);
            return true;
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
        rotations.answer(true);
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
            rotations.failAll(full);
        } else {
            poison(cause);
        }
    }

    private void onFragmentSealed(LogEvent.FragmentSealed ended) {
        fragments.sealed();
        ended.failure().ifPresentOrElse(failure -> poison(Causes.of(failure)),
                () -> upkeep.afterSeal(refusal()));
    }

    private void onDiskFailed(WalException cause) {
        poison(cause);
        endActivity();
    }

    private void onFragmentStopped(LogEvent.FragmentStopped gone) {
        boolean wasGrowing = fragments.stopped(gone.actor());
        poison(new WalException.Defect(new IllegalStateException("a fragment's actor stopped")));
        if (wasGrowing && activity == Activity.CLOSING) {
            ending.release();
        } else if (wasGrowing) {
            endActivity();
        }
    }

    private void endActivity() {
        queue.noneUnderWay();
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
        WalException poisoned = WalException.Poisoned.by(cause);
        ending.poisoned(poisoned);
        failAll(Refusals.unknown(cause), poisoned);
    }

    private void failAll(LogRequest.Unknown underWay, WalException refusal) {
        placed.failAll(refusal);
        queue.failAll(underWay, new LogRequest.NotWritten(refusal));
        syncs.failAll(refusal);
        rotations.failAll(refusal);
    }

    private LogInfo info() {
        return new LogInfo(logId, fragments.all().firstId(), state.nextId(), state.writtenId(),
                state.durableId(), fragments.all().all().size(), settings.ioMode().toString(),
                resources.scheduler().driverName(), upkeep.info(),
                Optional.ofNullable(poison));
    }

    private void onAwaitVisible(LogRequest.AwaitVisible await) {
        waiters.add(await, state.nextId());
        if (ending.isClosing()) {
            waiters.failAll(closed());
        }
    }

    private void onClose(LogRequest.Close close) {
        ending.close(close);
        waiters.failAll(closed());
        placed.leave().forEach(held -> Refusals.answer(held, closed()));
    }

    private void onReopen(LogRequest.Reopen reopen) {
        if (ending.isClosing()) {
            Refusals.answer(reopen, closed());
        } else if (poison == null) {
            reopen.replyTo().tell(StatusReply.success(info()));
        } else {
            ending.reopen(reopen);
        }
    }

    private void onTimer(LogEvent.Timer timer) {
        switch (timer) {
            case SYNC_DUE -> syncWanted = true;
            case REORDER -> placed.endRound();
            case IDLE -> ending.lookWhetherIdle(isQuiet());
        }
    }

    private boolean isQuiet() {
        return activity == Activity.NONE && queue.isEmpty() && placed.isEmpty() && waiters.isEmpty()
                && rotations.isEmpty() && !fragments.isSealing() && !state.hasUnsynced()
                && poison == null;
    }

    private WalException closed() {
        return new WalException.Closed("log " + logId);
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            ending.abandon();
            failAll(Refusals.unknown(closed()), closed());
            waiters.failAll(closed());
            ending.answerAll();
        }
        return this;
    }
}

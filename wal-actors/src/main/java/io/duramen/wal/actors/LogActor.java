package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.actors.LogRequest.Append;
import io.duramen.wal.actors.LogRequest.AwaitVisible;
import io.duramen.wal.actors.LogRequest.Close;
import io.duramen.wal.actors.LogRequest.Describe;
import io.duramen.wal.actors.LogRequest.Lend;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.EpochNanos;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RecoveredLog;
import io.duramen.wal.log.Rotation;
import io.duramen.wal.log.RotationPolicy;
import io.duramen.wal.log.WritableFragment;
import io.duramen.wal.log.WriterLock;
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
            permits LogRequest, Event {}

    /// What happened to something this actor started.
    sealed interface Event extends Command {}

    record Opened(RecoveredLog recovered, WriterLock lock) implements Event {}

    record OpenFailed(Throwable cause) implements Event {}

    record GroupWritten(long lastId, long groupBytes, long endOfData, int lastEntryCrc)
            implements Event {}

    /// There was no memory for the group; nothing was written.
    record GroupRefused(WalException cause) implements Event {}

    record Synced() implements Event {}

    record DiskFailed(WalException cause) implements Event {}

    record FragmentReady(WritableFragment fragment) implements Event {}

    record FragmentRefused(Throwable cause) implements Event {}

    record FragmentSealed(Optional<Throwable> failure) implements Event {}

    record FragmentIdle(long firstId, ActorRef<FragmentActor.Command> actor) implements Event {}

    record FragmentFinished() implements Event {}

    record Released() implements Event {}

    enum Timer implements Event {
        SYNC_DUE
    }

    private enum Activity {
        NONE, WRITING, SYNCING, ROTATING, CLOSING
    }

    private final LogId logId;
    private final LogSettings settings;
    private final WalResources resources;
    private final WriterLock lock;
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
    private boolean syncWanted;
    private boolean released;
    private Throwable poison;

    static Behavior<Command> create(LogId logId, Path basePath, LogSettings settings,
            WalSettings wal,
            WalResources resources) {
        return OpeningLog.create(new OpeningLog.Plan(logId, basePath, settings, wal, resources));
    }

    LogActor(ActorContext<Command> context, TimerScheduler<Command> timers, OpeningLog.Plan plan,
            Opened opened) {
        super(context);
        this.logId = plan.logId();
        this.settings = plan.settings();
        this.resources = plan.resources();
        this.lock = opened.lock();
        this.timers = timers;
        this.policy = new RotationPolicy(settings);
        RecoveredLog recovered = opened.recovered();
        this.rotation = new Rotation(plan.directory(), resources.environment(), settings,
                recovered.writerEpoch(),
                _ -> {});
        this.fragments =
                new FragmentActors(context, resources, plan.wal().fragmentIdleTimeout(), recovered);
        this.waiters = new VisibleWaiters(fragments.all());
        this.state = new LogState(settings, fragments.all(), lock.status(), recovered.nextId() - 1,
                recovered.predecessorLastCrc());
        recovered.tip().ifPresent(this::grow);
        lock.begin(logId, recovered.writerEpoch(), state.durableId());
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
            case AwaitVisible await -> waiters.add(await);
            case Describe describe -> describe.replyTo().tell(StatusReply.success(info()));
            case Close close -> onClose(close);
            case GroupWritten written -> onGroupWritten(written);
            case GroupRefused refused -> onRefused(refused.cause());
            case Synced _ -> onSynced();
            case DiskFailed failed -> poison(failed.cause());
            case FragmentReady ready -> onFragmentReady(ready.fragment());
            case FragmentRefused refused -> onFragmentRefused(refused.cause());
            case FragmentSealed ended -> onFragmentSealed(ended);
            case FragmentIdle idle -> fragments.passivate(idle);
            case Timer _ -> syncWanted = true;
            case FragmentFinished _ -> release();
            case Released _ -> {
                closing.forEach(asker -> asker.tell(Done.done()));
                return Behaviors.stopped();
            }
            case Opened _,OpenFailed _ ->
                    throw new IllegalStateException("the log is open already");
        }
        proceed();
        return this;
    }

    private void onAppend(Append append) {
        long bytes = append.payloadBytes();
        if (poison != null) {
            append.replyTo().tell(new LogRequest.NotWritten(new WalException.Poisoned(poison)));
        } else if (!closing.isEmpty()) {
            append.replyTo()
                    .tell(new LogRequest.NotWritten(new WalException.Closed("log " + logId)));
        } else if (queue.pendingBytes() > 0
                && queue.pendingBytes() + bytes > settings.pendingBytesMax()) {
            append.replyTo().tell(
                    new LogRequest.Overloaded(queue.pendingBytes(), settings.pendingBytesMax()));
        } else {
            long largest =
                    append.payloads().stream().mapToLong(Payload::sizeBytes).max().getAsLong();
            if (largest > settings.largestPayloadBytes()) {
                append.replyTo().tell(new LogRequest.NotWritten(
                        new WalException.TooLarge(largest, settings.largestPayloadBytes())));
            } else {
                queue.add(append);
            }
        }
    }

    /// Starts what is to be done next, unless something is under way.
    private void proceed() {
        if (activity != Activity.NONE) {
            return;
        }
        if (poison == null && !queue.isEmpty()) {
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

    private boolean isRotationDue() {
        return policy.isDue(space.holds(queue.nextPayloadBytes()), space.entryCount(),
                space.createdNanos(),
                EpochNanos.now(resources.clock()));
    }

    private void writeGroup() {
        activity = Activity.WRITING;
        long entriesLeft = Math.max(1, settings.fragmentEntriesMax() - space.entryCount());
        CommitQueue.Group group =
                queue.take(space, state.nextId(), resources.pool().slotBytes(), entriesLeft);
        boolean sync = group.sync() || state.isSyncDue();
        syncWanted = sync;
        fragments.growing()
                .tell(new FragmentActor.WriteGroup(group.payloads(), sync, state.durableId()));
    }

    private void onGroupWritten(GroupWritten written) {
        long entries = written.lastId() - state.writtenId();
        state.written(written.lastId(), written.groupBytes(), written.lastEntryCrc());
        space = space.grownTo(written.endOfData(), space.entryCount() + entries);
        queue.written();
        waiters.wake();
        if (policy.isSuccessorWanted(space.endOfData(), space.entryCount())) {
            rotation.prepareSuccessor();
        }
        if (syncWanted) {
            activity = Activity.SYNCING;
        } else {
            activity = Activity.NONE;
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
        if (fragments.isSealing()) {
            return; // at most two fragments have no footer; goes on when the older has
        }
        activity = Activity.ROTATING;
        if (state.hasUnsynced()) {
            sync(Activity.ROTATING);
        } else {
            openNextFragment();
        }
    }

    private void openNextFragment() {
        WritableFragment next = rotation.plan(state.nextId(), state.lastEntryCrc());
        CompletableFuture<Void> opening = CompletableFuture.runAsync(() -> rotation.activate(next),
                resources.blocking());
        getContext().pipeToSelf(opening,
                (_, failure) -> failure == null ? new FragmentReady(next)
                        : new FragmentRefused(Causes.of(failure)));
    }

    private void onFragmentReady(WritableFragment next) {
        fragments.sealGrowing(state.writtenId());
        grow(next);
        activity = Activity.NONE;
    }

    private void onFragmentRefused(Throwable cause) {
        if (cause instanceof WalException.DiskFull full) {
            onRefused(full);
        } else {
            poison(cause);
        }
    }

    /// Nothing of what waits was written, and no id was given: the log goes on as if it had not
    /// been asked.
    private void onRefused(WalException cause) {
        activity = Activity.NONE;
        queue.failAll(new LogRequest.Unknown(new WalException.OutcomeUnknown(cause)),
                new LogRequest.NotWritten(cause));
    }

    private void onFragmentSealed(FragmentSealed ended) {
        fragments.sealed();
        ended.failure().ifPresent(failure -> poison(Causes.of(failure)));
    }

    /// Takes no more appends, for good. What is under way may be in the log or not.
    private void poison(Throwable cause) {
        if (poison == null) {
            poison = cause;
            getContext().getLog().error("log {} takes no more appends: {}", logId,
                    cause.getMessage());
        }
        queue.failAll(new LogRequest.Unknown(new WalException.OutcomeUnknown(cause)),
                new LogRequest.NotWritten(new WalException.Poisoned(cause)));
        if (activity != Activity.CLOSING) {
            activity = Activity.NONE;
        }
    }

    private LogInfo info() {
        return new LogInfo(logId, fragments.all().firstId(), state.nextId(), state.writtenId(),
                state.durableId(),
                fragments.all().all().size(), LogInfo.BUFFERED, resources.scheduler().driverName(),
                Optional.ofNullable(poison));
    }

    private void onClose(Close close) {
        closing.add(close.replyTo());
        waiters.failAll(new WalException.Closed("log " + logId));
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
        released = true;
        CompletableFuture<Void> releasing = CompletableFuture.runAsync(() -> {
            try (lock) {
                rotation.close();
            }
        }, resources.blocking());
        getContext().pipeToSelf(releasing, (_, _) -> new Released());
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop && !released) {
            lock.close(); // stopped without being closed: the next writer recovers
        }
        return this;
    }
}

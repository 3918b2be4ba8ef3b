package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.log.LogDirectory;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.LogRecovery;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RecoveredLog;
import io.duramen.wal.log.RecoveryProgress;
import io.duramen.wal.log.WriterLock;
import io.duramen.wal.memory.Alignment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// A log while it recovers, on a blocking thread; requests wait in a [WaitingRoom].
final class OpeningLog extends AbstractMatchingBehavior<LogActor.Command> {
    /// Which log to open, and how.
    ///
    /// @param resources of this log
    /// @param after completes when whoever has the log here has given it back
    record Plan(LogId logId, Path basePath, LogSettings settings, WalSettings wal,
            WalResources resources, LogLife life, CompletableFuture<Done> after) {
        Plan(LogId logId, Path basePath, LogSettings settings, WalSettings wal,
                WalResources resources, LogLife life) {
            this(logId, basePath, settings, wal, resources, life,
                    CompletableFuture.completedFuture(Done.done()));
        }

        LogDirectory directory() {
            return LogDirectory.of(resources.disk(), basePath, logId);
        }

        /// An entry fits a fragment, and gets a buffer.
        Admission admission() {
            long bufferBytes = Math.max(wal.pool().slotBytes(),
                    Alignment.PAGE.down(wal.pool().unpooledBytesMax()));
            long groupBytes = settings.ioMode().groupBytesMax(bufferBytes);
            long entriesBytes = groupBytes - OpenGroup.bytesFor(0);
            return new Admission(settings,
                    (int) Math.min(settings.largestPayloadBytes(),
                            entriesBytes - EntryHeader.entryBytes(0)),
                    entriesBytes);
        }

        /// @param kept the lock that the log is opened under, where it is not to be taken
        LogEvent.Opened open(Optional<WriterLock> kept, RecoveryProgress progress) {
            LogDirectory directory = directory();
            WriterLock lock = kept.orElseGet(() -> {
                directory.create();
                return WriterLock.acquire(directory);
            });
            try {
                RecoveredLog recovered =
                        LogRecovery.run(directory, lock, resources.environment(), settings,
                                progress);
                recovered.begin(lock, resources.scheduler());
                return new LogEvent.Opened(recovered, lock);
            } catch (RuntimeException | Error failure) {
                lock.close();
                throw failure;
            }
        }
    }

    private final Phases phases;
    private final Optional<LogInfo> rested;
    private final CompletableFuture<LogEvent.Opened> opening;
    private boolean handedOn;

    static Behavior<LogActor.Command> create(Plan plan) {
        plan.life().meter().pendingFrom(plan.resources().pending()::pending);
        return Behaviors.withStash(WaitingRoom.STASHED_MAX, stash -> Behaviors.withTimers(
                timers -> Behaviors.setup(context -> new OpeningLog(
                        new Phases(context, plan, timers, new WaitingRoom(plan, stash)),
                        Optional.empty()))));
    }

    /// What is the same in all phases of a log's life.
    ///
    /// @param room where requests wait while the log is not open
    record Phases(ActorContext<LogActor.Command> context, Plan plan,
            TimerScheduler<LogActor.Command> timers, WaitingRoom room) {
        LogLife life() {
            return plan.life();
        }

        /// Refuses a writer whose epoch is not higher than the one that the log was open with last.
        boolean refuses(LogRequest.Fence request) {
            boolean lower = request.epoch() <= life().epoch();
            if (lower) {
                Refusals.answer(request, new WalException.Fenced(plan.directory().path(),
                        request.epoch(), life().epoch()));
            }
            return lower;
        }

        /// Why the log is refused here from when a writer of this epoch comes.
        WalException fencedBy(LogRequest.Fence request) {
            return new WalException.Fenced(plan.directory().path(),
                    Math.max(plan.settings().epoch(), life().epoch()), request.epoch());
        }
    }

    /// Opens a log again, under the lock that was kept.
    static OpeningLog again(Phases phases, WriteAccess before) {
        OpeningLog opening = new OpeningLog(phases, Optional.empty(), before::takeKept);
        opening.opening.whenComplete((_, _) -> before.close()); // where it could not begin
        return opening;
    }

    /// @param rested the state that the log was in when it went to rest, where it did
    OpeningLog(Phases phases, Optional<LogInfo> rested) {
        this(phases, rested, Optional::empty);
    }

    private OpeningLog(Phases phases, Optional<LogInfo> rested,
            Supplier<Optional<WriterLock>> kept) {
        super(phases.context());
        getContext().setLoggerName(LogActor.class);
        this.phases = phases;
        this.rested = rested;
        phases.life().become(LogPhase.Opening.BEGUN);
        Plan plan = phases.plan();
        ActorRef<LogActor.Command> self = getContext().getSelf();
        RecoveryProgress progress = (scannedBytes, totalBytes) -> self
                .tell(new LogEvent.Recovering(scannedBytes, totalBytes));
        this.opening = plan.after().thenApplyAsync(_ -> plan.open(kept.get(), progress),
                plan.resources().blocking());
        getContext().pipeToSelf(opening, (opened, failure) -> failure == null ? opened
                : new LogEvent.OpenFailed(Causes.of(failure)));
    }

    @Override
    public Behavior<LogActor.Command> onMessage(LogActor.Command command) {
        return switch (command) {
            case LogEvent.Recovering recovering -> {
                phases.life().become(recovering.phase());
                yield this;
            }
            case LogEvent.Opened opened -> onOpened(opened);
            case LogEvent.OpenFailed failed -> onOpenFailed(failed.cause());
            case LogRequest request -> {
                phases.room().add(request);
                yield this;
            }
            case LogEvent event -> {
                RestingLog.late(phases, event);
                yield this;
            }
        };
    }

    private Behavior<LogActor.Command> onOpened(LogEvent.Opened opened) {
        getContext().getLog().info("{}; I/O mode {}, driver {}",
                opened.recovered().report().summary(), opened.recovered().settings().ioMode(),
                phases.plan().resources().scheduler().driverName());
        phases.life().meter().recovered(opened.recovered().report());
        LogActor running = new LogActor(phases, opened);
        handedOn = true;
        return phases.room().leaveTo(getContext().getSelf(), running);
    }

    private Behavior<LogActor.Command> onOpenFailed(Throwable cause) {
        handedOn = true;
        getContext().getLog().error("log {} cannot be opened: {}", phases.plan().logId(),
                cause.getMessage());
        WalException failure = WalException.Defect.orCause(cause);
        Behavior<LogActor.Command> next = failure instanceof WalException.Locked
                && rested.isPresent() ? RestingLog.create(phases, rested.get())
                        : FailedLog.create(phases, failure);
        phases.room().refuseAll(getContext().getSelf(), failure); // who is told sees the phase
        return next;
    }

    @Override
    public Behavior<LogActor.Command> onSignal(Signal signal) {
        if (signal instanceof PostStop && !handedOn) {
            opening.thenAccept(OpeningLog::giveBack);
            phases.room().endAll();
        }
        return this;
    }

    private static void giveBack(LogEvent.Opened opened) {
        opened.recovered().tip().ifPresent(tip -> tip.close());
        opened.lock().close();
    }
}

package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.log.LogDirectory;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogRecovery;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.WriterLock;
import io.duramen.wal.memory.Alignment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// A log while it recovers, on a blocking thread. Requests wait, up to a limit; beyond it they are
/// refused as overloaded. A request to close waits behind all of them, and is never refused.
final class OpeningLog extends AbstractMatchingBehavior<LogActor.Command> {
    private static final int STASH_MAX = 1000;

    /// Which log to open, and how.
    record Plan(LogId logId, Path basePath, LogSettings settings, WalSettings wal,
            WalResources resources) {
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

        LogEvent.Opened open() {
            LogDirectory directory = directory();
            directory.create();
            WriterLock lock = WriterLock.acquire(directory);
            try {
                return new LogEvent.Opened(
                        LogRecovery.run(directory, lock, resources.environment(),
                                settings),
                        lock);
            } catch (RuntimeException | Error failure) {
                lock.close();
                throw failure;
            }
        }
    }

    private final Plan plan;
    private final TimerScheduler<LogActor.Command> timers;
    private final StashBuffer<LogActor.Command> stash;
    private final CompletableFuture<LogEvent.Opened> opening;
    private final List<LogRequest.Close> closing = new ArrayList<>();
    private long waitingBytes;
    private boolean handedOn;

    static Behavior<LogActor.Command> create(Plan plan) {
        return Behaviors.withStash(STASH_MAX, stash -> Behaviors.withTimers(
                timers -> Behaviors
                        .setup(context -> new OpeningLog(context, plan, timers, stash))));
    }

    private OpeningLog(ActorContext<LogActor.Command> context, Plan plan,
            TimerScheduler<LogActor.Command> timers,
            StashBuffer<LogActor.Command> stash) {
        super(context);
        context.setLoggerName(LogActor.class);
        this.plan = plan;
        this.timers = timers;
        this.stash = stash;
        this.opening = CompletableFuture.supplyAsync(plan::open, plan.resources().blocking());
        context.pipeToSelf(opening, (opened, failure) -> failure == null ? opened
                : new LogEvent.OpenFailed(Causes.of(failure)));
    }

    @Override
    public Behavior<LogActor.Command> onMessage(LogActor.Command command) {
        return switch (command) {
            case LogEvent.Opened opened -> onOpened(opened);
            case LogEvent.OpenFailed failed -> onOpenFailed(failed.cause());
            case LogRequest request -> onRequest(request);
            case LogEvent event -> throw new IllegalStateException("while opening: " + event);
        };
    }

    private Behavior<LogActor.Command> onOpened(LogEvent.Opened opened) {
        getContext().getLog().info("{}; I/O mode {}, driver {}",
                opened.recovered().report().summary(), plan.settings().ioMode(),
                plan.resources().scheduler().driverName());
        LogActor running = new LogActor(getContext(), timers, plan, opened);
        handedOn = true;
        closing.forEach(getContext().getSelf()::tell);
        return stash.unstashAll(running);
    }

    private Behavior<LogActor.Command> onOpenFailed(Throwable cause) {
        handedOn = true;
        getContext().getLog().error("log {} cannot be opened: {}", plan.logId(),
                cause.getMessage());
        closing.forEach(getContext().getSelf()::tell);
        return stash.unstashAll(FailedLog.create(WalException.Defect.orCause(cause)));
    }

    private Behavior<LogActor.Command> onRequest(LogRequest request) {
        switch (request) {
            case LogRequest.Close close -> closing.add(close);
            case LogRequest.Append append -> onAppend(append);
            case LogRequest.Lend _,LogRequest.AwaitVisible _,LogRequest.Describe _ -> keep(request);
            case LogRequest.Trim _,LogRequest.ChangeFloor _ -> keep(request);
        }
        return this;
    }

    private void keep(LogRequest request) {
        if (stash.isFull()) {
            Refusals.answer(request, new WalException.Overloaded("log " + plan.logId()
                    + " is being recovered and " + STASH_MAX
                    + " requests wait already: ask again later"));
        } else {
            stash.stash(request);
        }
    }

    private void onAppend(LogRequest.Append append) {
        Optional<LogRequest.AppendAnswer> refusal = stash.isFull()
                ? Optional.of(new LogRequest.Overloaded(waitingBytes,
                        plan.settings().pendingBytesMax()))
                : plan.admission().refusalOf(append, waitingBytes);
        refusal.ifPresentOrElse(append.replyTo()::tell, () -> {
            waitingBytes += append.weightBytes();
            stash.stash(append);
        });
    }

    @Override
    public Behavior<LogActor.Command> onSignal(Signal signal) {
        if (signal instanceof PostStop && !handedOn) {
            opening.thenAccept(OpeningLog::giveBack);
            stash.forEach(command -> refuse((LogRequest) command));
            closing.forEach(this::refuse);
        }
        return this;
    }

    private void refuse(LogRequest request) {
        Refusals.answer(request, new WalException.Closed("log " + plan.logId()));
    }

    private static void giveBack(LogEvent.Opened opened) {
        opened.recovered().tip().ifPresent(tip -> tip.close());
        opened.lock().close();
    }
}

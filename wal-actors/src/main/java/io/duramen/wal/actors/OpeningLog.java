package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.log.LogDirectory;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogRecovery;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.WriterLock;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// A log while it recovers, on a blocking thread. Requests wait, up to a limit; beyond it appends
/// are refused as overloaded and readers are told to ask again.
final class OpeningLog extends AbstractMatchingBehavior<LogActor.Command> {
    private static final int STASH_MAX = 1000;

    /// Which log to open, and how.
    record Plan(LogId logId, Path basePath, LogSettings settings, WalSettings wal,
            WalResources resources) {
        LogDirectory directory() {
            return LogDirectory.of(resources.disk(), basePath, logId);
        }

        LogActor.Opened open() {
            LogDirectory directory = directory();
            directory.create();
            WriterLock lock = WriterLock.acquire(directory);
            try {
                return new LogActor.Opened(
                        LogRecovery.run(directory, lock, resources.scheduler(), resources.clock()),
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
    private final CompletableFuture<LogActor.Opened> opening;
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
        this.plan = plan;
        this.timers = timers;
        this.stash = stash;
        this.opening = CompletableFuture.supplyAsync(plan::open, plan.resources().blocking());
        context.pipeToSelf(opening, (opened, failure) -> failure == null ? opened
                : new LogActor.OpenFailed(Causes.of(failure)));
    }

    @Override
    public Behavior<LogActor.Command> onMessage(LogActor.Command command) {
        return switch (command) {
            case LogActor.Opened opened -> onOpened(opened);
            case LogActor.OpenFailed failed -> onOpenFailed(failed.cause());
            case LogRequest request -> onRequest(request);
            case LogActor.Event event -> throw new IllegalStateException("while opening: " + event);
        };
    }

    private Behavior<LogActor.Command> onOpened(LogActor.Opened opened) {
        handedOn = true;
        getContext().getLog().info(opened.recovered().report().summary());
        return stash.unstashAll(new LogActor(getContext(), timers, plan, opened));
    }

    private Behavior<LogActor.Command> onOpenFailed(Throwable cause) {
        handedOn = true;
        getContext().getLog().error("log {} cannot be opened: {}", plan.logId(),
                cause.getMessage());
        return stash.unstashAll(FailedLog.create(WalException.Defect.orCause(cause)));
    }

    private Behavior<LogActor.Command> onRequest(LogRequest request) {
        if (stash.isFull()) {
            Refusals.answer(request, new WalException.Overloaded("log " + plan.logId()
                    + " is being recovered and " + STASH_MAX
                    + " requests wait already: ask again later"));
        } else {
            stash.stash(request);
        }
        return this;
    }

    @Override
    public Behavior<LogActor.Command> onSignal(Signal signal) {
        if (signal instanceof PostStop && !handedOn) {
            opening.thenAccept(opened -> opened.lock().close());
        }
        return this;
    }
}

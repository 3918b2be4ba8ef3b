package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoStatistics;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.LogMeter;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.LogView;
import io.duramen.wal.memory.PoolStatistics;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// The logs of an actor system: `Wal.get(system).log("orders")`.
///
/// A log is opened by the first call that names it and stays open until [#close(WalLog)], or until
/// the system terminates; a task of CoordinatedShutdown in phase `before-actor-system-terminate`
/// closes what is open. Any thread may call.
public final class Wal implements Extension {
    private static final ExtensionId<Wal> ID = new ExtensionId<>() {
        @Override
        public Wal createExtension(ActorSystem<?> system) {
            return new Wal(system, WalSettings.create(system));
        }
    };

    private final ActorSystem<?> system;
    private final WalSettings settings;
    private final LogEnvironment environment;
    private final WalResources resources;
    private final ActorRef<StoppedLogs.Command> stoppedLogs;
    private final Map<Key, WalLog> logs = new ConcurrentHashMap<>();
    private final List<LogListener> listeners = new CopyOnWriteArrayList<>();
    private long opened;
    private boolean terminating;

    /// A log as it was opened: the same one may be written here and viewed.
    private record Key(Path basePath, LogId logId, boolean view) {
        Key {
            basePath = basePath.toAbsolutePath().normalize();
        }
    }

    /// Is told which logs are open for writing, on whatever thread opens or closes them; it must
    /// not block.
    public interface LogListener {
        void opened(WalLog log);

        /// Its handle is of no use any more.
        void closed(WalLog log);
    }

    public static Wal get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    private Wal(ActorSystem<?> system, WalSettings settings) {
        this.system = system;
        this.settings = settings;
        Executor blocking = system.dispatchers().lookup(WalSettings.blockingDispatcher());
        IoDriver.Choice driver = settings.ioDriver().choose();
        system.log().info(driver.reason());
        this.environment = LogEnvironment.open(driver, settings.ioThreads(), settings.pool(),
                blocking);
        ActorRef<IoSchedulerActor.Command> scheduler = system.systemActorOf(
                IoSchedulerActor.create(environment.scheduler(), settings.inFlightBytesMax()),
                "wal-io-scheduler",
                WalSettings.dispatcher());
        this.resources = new WalResources(environment, scheduler, blocking,
                new PendingBytes(settings.pendingBytesMax()));
        this.stoppedLogs = system.systemActorOf(StoppedLogs.create(), "wal-stopped-logs",
                WalSettings.dispatcher());
        CoordinatedShutdown.get(system).addTask(
                CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
                "close-write-ahead-logs", this::shutDown);
        system.getWhenTerminated().thenRun(environment::close);
    }

    public WalSettings settings() {
        return settings;
    }

    /// A log for writing and reading, opened with the settings that the configuration has for it.
    /// The handle is there at once; if the log cannot be opened, every request to it is answered
    /// with the reason.
    ///
    /// @throws io.duramen.wal.WalException.IllegalLogId when the name is not one of a log
    public WalLog log(String logId) {
        LogId id = LogId.of(logId);
        return log(id, settings.basePath(), settings.forLog(id));
    }

    /// As [#log(String)], as the writer of this epoch. Where the log is open here with a lower one,
    /// that handle completes what it has accepted, and refuses with
    /// [io.duramen.wal.WalException.Fenced] whatever it is asked from now on; the new one goes on
    /// behind it. A log that a writer of a higher epoch has had is not opened.
    ///
    /// @param epoch 1 or more
    /// @throws io.duramen.wal.WalException.Fenced when the log is open here with a higher epoch
    public WalLog log(String logId, long epoch) {
        LogId id = LogId.of(logId);
        return log(id, settings.basePath(), settings.forLog(id).withEpoch(epoch));
    }

    /// As [#log(String)], in a directory and with settings of the caller's. They count for who
    /// opens the log first, and for who names a higher epoch; see [#log(String, long)].
    ///
    /// @throws io.duramen.wal.WalException.Fenced when the log is open here with a higher epoch
    ///     than the settings name
    public synchronized WalLog log(LogId logId, Path basePath, LogSettings logSettings) {
        Key key = new Key(basePath, logId, false);
        WalLog before = logs.get(key);
        long epoch = logSettings.epoch();
        if (before != null && epoch != 0 && epoch < before.epoch()) {
            throw new WalException.Fenced(logId.directoryIn(basePath), epoch, before.epoch());
        }
        if (before == null || epoch <= before.epoch()) {
            return openLog(key, logSettings, CompletableFuture.completedFuture(Done.done()));
        }
        CompletableFuture<Done> givenBack = before.fence(epoch).toCompletableFuture();
        logs.remove(key, before);
        WalLog next = openLog(key, logSettings, givenBack.exceptionally(refused -> {
            if (Causes.of(refused) instanceof WalException.Closed) {
                return Done.done();
            }
            throw new CompletionException(Causes.of(refused));
        }));
        givenBack.exceptionally(refused -> {
            if (Causes.of(refused) instanceof WalException.Fenced) {
                restore(key, next, before); // its epoch, which it was not given, is higher
            }
            return Done.done();
        });
        return next;
    }

    private void restore(Key key, WalLog refused, WalLog before) {
        if (logs.replace(key, refused, before)) {
            listeners.forEach(listener -> listener.opened(before));
        }
    }

    private WalLog openLog(Key key, LogSettings logSettings, CompletableFuture<Done> after) {
        return open(key, logSettings, LogActor.Command.class,
                life -> OpeningLog.create(new OpeningLog.Plan(key.logId(),
                        key.basePath(), logSettings, settings, resources.ofLog(), life, after)));
    }

    /// A log for reading only, which another process may be writing.
    public WalLog view(String logId) {
        return view(LogId.of(logId), settings.basePath());
    }

    /// As [#view(String)], in a directory of the caller's.
    public synchronized WalLog view(LogId logId, Path basePath) {
        return open(new Key(basePath, logId, true), settings.forLog(logId),
                ViewActor.Command.class,
                life -> ViewActor.create(new ViewActor.Plan(logId, settings.viewInterval(),
                        resources, () -> LogView.open(basePath, logId, environment.disk(),
                                environment.scheduler()),
                        life)));
    }

    /// A handle on a log that an actor of the caller's serves, which is the caller's to close.
    public WalLog served(LogId logId, ActorRef<LogRequest> by) {
        LogLife life = new LogLife(meter(logId), _ -> {});
        life.become(new LogPhase.Running(Optional.empty()));
        stoppedLogs.tell(new StoppedLogs.Watch(by, life::stopped));
        return new WalLog(logId, by, system, settings.forLog(logId), life);
    }

    private <C> WalLog open(Key key, LogSettings logSettings, Class<C> commands,
            Function<LogLife, Behavior<C>> behavior) {
        if (terminating) {
            throw new IllegalStateException(
                    "the actor system " + system.name() + " is terminating");
        }
        return logs.computeIfAbsent(key, _ -> {
            // numbered, since the actor of the same log may still be closing
            String name = "wal-" + (key.view() ? "view-" : "log-") + key.logId() + "-" + ++opened;
            LogLife life = new LogLife(meter(key.logId()),
                    phase -> system.eventStream().tell(new EventStream.Publish<>(
                            new LogPhase.Changed(key.logId(), key.view(), phase))));
            WalLog log = new WalLog(key.logId(), narrow(system.systemActorOf(
                    Behaviors.withMdc(commands, Map.of("log", key.logId().value()),
                            behavior.apply(life)),
                    name, WalSettings.dispatcher())), system, logSettings, life);
            stoppedLogs.tell(new StoppedLogs.Watch(log.ref(), () -> closed(key, log, life)));
            if (!key.view()) {
                listeners.forEach(listener -> listener.opened(log));
            }
            return log;
        });
    }

    private void closed(Key key, WalLog log, LogLife life) {
        logs.remove(key, log);
        life.stopped();
        if (!key.view()) {
            listeners.forEach(listener -> listener.closed(log));
        }
    }

    /// Tells a listener of the logs that are open for writing, and from now on of each that is
    /// opened or closed.
    public synchronized void listen(LogListener listener) {
        listeners.add(listener);
        logs.forEach((key, log) -> {
            if (!key.view()) {
                listener.opened(log);
            }
        });
    }

    private LogMeter meter(LogId logId) {
        return new LogMeter(logId, settings.slowSyncWarning(), system.log()::warn);
    }

    /// The logs that are open for writing now.
    public List<WalLog> logs() {
        return logs.entrySet().stream().filter(entry -> !entry.getKey().view())
                .map(Map.Entry::getValue).toList();
    }

    /// What the disk has been asked for, over all logs.
    public IoStatistics ioStatistics() {
        return environment.scheduler().statistics();
    }

    /// The buffers that all logs share.
    public PoolStatistics poolStatistics() {
        return environment.pool().statistics();
    }

    /// The least that is free, in bytes, where the configuration has the logs, and where each log
    /// is that is open for writing: its directory may be on a file system of its own. Found out on
    /// a thread that may block.
    public CompletionStage<Long> usableBytes() {
        Set<Path> places = new HashSet<>();
        places.add(settings.basePath().toAbsolutePath());
        logs.keySet().stream().filter(key -> !key.view())
                .forEach(key -> places.add(key.logId().directoryIn(key.basePath())));
        return CompletableFuture.supplyAsync(
                () -> places.stream().mapToLong(this::usableBytesAt).min().orElseThrow(),
                resources.blocking());
    }

    private long usableBytesAt(Path place) {
        Path existing = place;
        while (!environment.disk().exists(existing)) {
            existing = existing.getParent();
        }
        return environment.disk().usableBytes(existing);
    }

    /// Bytes of appends that are not answered yet, in all logs together, entry headers included.
    public long pendingBytes() {
        return resources.pending().pending();
    }

    @SuppressWarnings("unchecked") // the commands of whoever serves a log include all requests
    private static ActorRef<LogRequest> narrow(ActorRef<?> ref) {
        return (ActorRef<LogRequest>) ref;
    }

    /// Completes what the log has accepted, syncs it, and gives it back. Its handle is of no use
    /// afterwards; when this has completed, the log can be opened again. Closing a log again does
    /// no more than wait for it.
    ///
    /// Where that takes longer than `duramen.wal.shutdown-timeout` the stage fails with a
    /// `TimeoutException`, and closing goes on.
    public CompletionStage<Done> close(WalLog log) {
        return closed(log);
    }

    private CompletableFuture<Done> closed(WalLog log) {
        return log.close().toCompletableFuture().orTimeout(settings.shutdownTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /// Opens a log again that is poisoned, or could not be opened: recovery looks what is in it,
    /// and the same handle goes on. Nothing does so by itself, since whoever has appended must
    /// learn what is in the log before more is appended. Where nothing is wrong with the log this
    /// does nothing.
    ///
    /// @return the log's state once it is open; fails with the reason where it cannot be opened
    public CompletionStage<LogInfo> reopen(WalLog log) {
        return log.reopen();
    }

    private synchronized CompletionStage<Done> shutDown() {
        terminating = true;
        List<CompletableFuture<Done>> closing = List.copyOf(logs.values()).stream()
                .map(this::closed).toList();
        return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new))
                .handle((_, failure) -> {
                    if (failure != null) {
                        system.log().error(
                                "not every log closed in time, recovery looks after the rest",
                                failure);
                    }
                    return Done.done();
                });
    }
}

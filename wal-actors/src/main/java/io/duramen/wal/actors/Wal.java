package io.duramen.wal.actors;

import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.LogView;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

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
    private final Map<Key, Open> logs = new ConcurrentHashMap<>();
    private long opened;
    private boolean terminating;

    /// A log as it was opened: the same one may be written here and viewed.
    private record Key(Path basePath, LogId logId, boolean view) {
        Key {
            basePath = basePath.toAbsolutePath().normalize();
        }
    }

    /// @param stopped completes when the log's actor has stopped
    private record Open(WalLog log, CompletableFuture<Done> stopped) {}

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
        this.resources = new WalResources(environment, scheduler, blocking);
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

    /// As [#log(String)], in a directory and with settings of the caller's. They count for who
    /// opens the log first.
    public synchronized WalLog log(LogId logId, Path basePath, LogSettings logSettings) {
        Behavior<LogActor.Command> behavior =
                LogActor.create(logId, basePath, logSettings, settings, resources);
        return open(new Key(basePath, logId, false), behavior);
    }

    /// A log for reading only, which another process may be writing.
    public WalLog view(String logId) {
        return view(LogId.of(logId), settings.basePath());
    }

    /// As [#view(String)], in a directory of the caller's.
    public synchronized WalLog view(LogId logId, Path basePath) {
        return open(new Key(basePath, logId, true),
                ViewActor.create(new ViewActor.Plan(logId, settings.viewInterval(), resources,
                        () -> LogView.open(basePath, logId, environment.disk(),
                                environment.scheduler()))));
    }

    private <C> WalLog open(Key key, Behavior<C> behavior) {
        if (terminating) {
            throw new IllegalStateException(
                    "the actor system " + system.name() + " is terminating");
        }
        return logs.computeIfAbsent(key, _ -> {
            // numbered, since the actor of the same log may still be closing
            String name = "wal-" + (key.view() ? "view-" : "log-") + key.logId() + "-" + ++opened;
            Open open = new Open(new WalLog(key.logId(),
                    narrow(system.systemActorOf(behavior, name, WalSettings.dispatcher()))),
                    new CompletableFuture<>());
            stoppedLogs.tell(new StoppedLogs.Watch(open.log().ref(), () -> {
                logs.remove(key, open);
                open.stopped().complete(Done.done());
            }));
            return open;
        }).log();
    }

    @SuppressWarnings("unchecked") // the commands of whoever serves a log include all requests
    private static ActorRef<LogRequest> narrow(ActorRef<?> ref) {
        return (ActorRef<LogRequest>) ref;
    }

    /// Completes what the log has accepted, syncs it, and gives it back. Its handle is of no use
    /// afterwards; when this has completed, the log can be opened again. Closing a log again does
    /// no more than wait for it.
    public CompletionStage<Done> close(WalLog log) {
        return logs.values().stream().filter(open -> open.log().equals(log)).findFirst()
                .map(this::close)
                .orElseGet(() -> CompletableFuture.completedFuture(Done.done()));
    }

    private CompletableFuture<Done> close(Open open) {
        open.log().ref().tell(new LogRequest.Close(system.ignoreRef()));
        return open.stopped().copy().orTimeout(settings.shutdownTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private synchronized CompletionStage<Done> shutDown() {
        terminating = true;
        List<CompletableFuture<Done>> closing = List.copyOf(logs.values()).stream()
                .map(this::close).toList();
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

package io.duramen.wal.tools;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.duramen.wal.WalException;
import io.duramen.wal.actors.LogPhase;
import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RecoveryProgress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.slf4j.LoggerFactory;

/// One log, open in an actor system for as long as a command runs.
///
/// A signal that ends the process ends the command's stream first: the hook runs what
/// [#onSignal(Runnable)] was given and then closes the log in order.
final class LogSession implements AutoCloseable {
    /// For the command's stream: it may block, and its failure is said by the command alone.
    static final Attributes STREAM =
            ActorAttributes.dispatcher("pekko.actor.default-blocking-io-dispatcher")
                    .and(Attributes.logLevels(Attributes.logLevelOff(), Attributes.logLevelOff(),
                            Attributes.logLevelOff()));
    /// What the disk may take to end what is under way.
    static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Duration TERMINATION = Duration.ofSeconds(2);

    private final ActorSystem<Void> system;
    private final WalLog log;
    private final Thread hook = new Thread(this::onShutdown, "wal-shutdown");
    private volatile Runnable onSignal = () -> {};
    private boolean closed;

    private LogSession(ActorSystem<Void> system, WalLog log) {
        this.system = system;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Opens a log for writing; creates it where it is not there.
    ///
    /// @param recovery told how far it is
    /// @throws WalException when it cannot be opened
    static LogSession write(Path basePath, String logId, LogSettings settings, IoDriver driver,
            RecoveryProgress recovery) {
        LogId id = LogId.of(logId);
        ActorSystem<Void> system = start(driver);
        system.eventStream().tell(new EventStream.Subscribe<>(LogPhase.Changed.class,
                system.systemActorOf(phases(recovery), "recovery", Props.empty())));
        return opened(system, Wal.get(system).log(id, basePath, settings));
    }

    /// Opens a log for reading only, whoever writes it meanwhile.
    ///
    /// @throws WalException when it cannot be opened
    static LogSession view(Path basePath, String logId) {
        LogId id = LogId.of(logId);
        ActorSystem<Void> system = start(IoDriver.POSIX);
        return opened(system, Wal.get(system).view(id, basePath));
    }

    private static Behavior<LogPhase.Changed> phases(RecoveryProgress recovery) {
        return Behaviors.receiveMessage(changed -> {
            if (changed.phase() instanceof LogPhase.Opening(long scannedBytes, long totalBytes)
                    && totalBytes > 0) {
                recovery.scanned(scannedBytes, totalBytes);
            }
            return Behaviors.same();
        });
    }

    private static LogSession opened(ActorSystem<Void> system, WalLog log) {
        LogSession session = new LogSession(system, log);
        try {
            session.describe();
            return session;
        } catch (RuntimeException failure) {
            session.close();
            throw failure;
        }
    }

    private static ActorSystem<Void> start(IoDriver driver) {
        LoggerFactory.getILoggerFactory(); // before there are threads, or it warns of what it kept
        Config config = ConfigFactory.parseMap(Map.of("duramen.wal.io.driver", driver.toString()))
                .withFallback(ConfigFactory.parseResources(LogSession.class, "command.conf"))
                .withFallback(ConfigFactory.load());
        return ActorSystem.create(Behaviors.empty(), "wal", config);
    }

    ActorSystem<Void> system() {
        return system;
    }

    WalLog log() {
        return log;
    }

    /// The log's state; waits until it is open.
    LogInfo describe() {
        return await(log.info());
    }

    /// The first entry of this time or later; the next one to come where there is none.
    long firstIdAtOrAfter(Instant time) {
        return await(log.firstIdAtOrAfter(time));
    }

    /// What to do when the process is told to end: it stops the input and returns when the stream
    /// has ended. The log is closed afterwards.
    void onSignal(Runnable stopAndWait) {
        onSignal = stopAndWait;
    }

    /// Waits for an answer; what went wrong is thrown as it is.
    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause
                    : failure.getCause() instanceof java.io.IOException io
                            ? new java.io.UncheckedIOException(io) : failure;
        }
    }

    /// Waits until a stream has ended, however; not for ever, as it may be stuck in writing to who
    /// does not read.
    static void awaitEnd(CompletionStage<?> stream, Duration atMost) {
        try {
            stream.toCompletableFuture().get(atMost.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            // the command's own thread says what failed
        }
    }

    private void onShutdown() {
        try {
            onSignal.run();
            closeLog();
        } catch (CommandFailure failure) {
            System.err.println("wal: " + failure.getMessage());
        }
    }

    private synchronized void closeLog() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Wal.get(system).close(log).toCompletableFuture()
                    .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException failure) {
            throw new CommandFailure("the log could not be closed in order, the next writer"
                    + " recovers it", failure);
        }
    }

    /// Closes the log, then ends the actor system.
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            return; // the hook runs, and closes
        }
        try {
            closeLog();
        } finally {
            terminate();
        }
    }

    /// Waits for the actor system, but not for long: a read of standard input cannot be ended.
    private void terminate() {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(TERMINATION.toSeconds(),
                    TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            // its threads are daemons
        }
    }
}

package io.duramen.wal.benchmarks.contestant;

import com.typesafe.config.ConfigFactory;
import io.duramen.wal.actors.LogRequest;
import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.benchmarks.harness.Parameters;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// An actor system with logs of ours in one directory.
public final class WalSystem implements AutoCloseable {
    static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);

    private final ActorSystem<Void> system;
    private final Path directory;
    private final Parameters parameters;

    public WalSystem(Path directory, Parameters parameters) {
        this.directory = directory;
        this.parameters = parameters;
        this.system = ActorSystem.create(Behaviors.empty(), "bench", ConfigFactory.parseMap(
                Map.of("duramen.wal.io.driver", LogOptions.driver(parameters).toString(),
                        "pekko.loglevel", "WARNING", "pekko.log-dead-letters", "off"))
                .withFallback(ConfigFactory.load()));
    }

    public ActorSystem<Void> system() {
        return system;
    }

    /// Opens a log, and waits until it is open.
    public WalLog open(String name) {
        WalLog log = Wal.get(system).log(LogId.of(name), directory,
                LogOptions.settings(parameters));
        describe(log);
        return log;
    }

    /// The log's state.
    public LogInfo describe(WalLog log) {
        return AskPattern.<LogRequest, LogInfo> askWithStatus(log.ref(), LogRequest.Describe::new,
                ANSWER_TIMEOUT, system.scheduler()).toCompletableFuture().join();
    }

    Map<String, String> facts(WalLog log) {
        return LogOptions.facts(describe(log), parameters);
    }

    @Override
    public void close() {
        end(system);
    }

    /// Ends an actor system, and waits until it has ended.
    static void end(ActorSystem<?> system) {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture()
                .orTimeout(ANSWER_TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
    }
}

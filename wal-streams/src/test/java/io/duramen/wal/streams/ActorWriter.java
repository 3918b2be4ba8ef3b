package io.duramen.wal.streams;

import com.typesafe.config.ConfigFactory;
import io.duramen.wal.actors.LogRequest;
import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.killed.WriterOptions;
import io.duramen.wal.killed.WriterOutput;
import io.duramen.wal.log.Durability;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// A process that asks a log's actor to append until it is killed.
final class ActorWriter {
    private static final int BATCH_MAX = 6;
    private static final Duration LONG = Duration.ofMinutes(1);

    private ActorWriter() {}

    /// @param arguments [WriterOptions]
    public static void main(String[] arguments) {
        WriterOptions options = WriterOptions.parse(arguments);
        ActorSystem<Void> system = system(options);
        Wal wal = Wal.get(system);
        WriterOutput.opening();
        WalLog log = wal.log(options.logId(), options.base(), options.settings());
        for (int i = 0; i < options.threads(); i++) {
            Random random = new Random(options.seed() + i);
            Thread.ofPlatform().start(() -> appendForEver(system, log, random));
        }
    }

    static ActorSystem<Void> system(WriterOptions options) {
        return ActorSystem.create(Behaviors.empty(), "writer", ConfigFactory
                .parseString("duramen.wal { base-path = \"" + options.base() + "\", io.driver = "
                        + options.driver() + ", io { buffers = 4, buffer-size = 16 KiB } }")
                .withFallback(ConfigFactory.load()));
    }

    private static void appendForEver(ActorSystem<?> system, WalLog log, Random random) {
        while (true) {
            List<byte[]> batch = IntStream.range(0, 1 + random.nextInt(BATCH_MAX))
                    .mapToObj(_ -> WriterOutput.anyPayload(random)).toList();
            Durability durability = random.nextBoolean() ? Durability.SYNCED : Durability.WRITTEN;
            LogRequest.AppendAnswer answer = AskPattern.<LogRequest, LogRequest.AppendAnswer> ask(
                    log.ref(), replyTo -> new LogRequest.Append(
                            batch.stream().map(Payload::of).toList(), durability, replyTo),
                    LONG, system.scheduler()).toCompletableFuture().join();
            switch (answer) {
                case LogRequest.Acknowledged it -> WriterOutput.acknowledged(it.appended(), batch);
                case LogRequest.Duplicate it -> throw new AssertionError(it);
                case LogRequest.Overloaded _ -> {
                }
                case LogRequest.NotWritten refused -> throw refused.cause();
                case LogRequest.Unknown unknown -> throw unknown.cause();
            }
        }
    }
}

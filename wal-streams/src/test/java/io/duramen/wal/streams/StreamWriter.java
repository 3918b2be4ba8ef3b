package io.duramen.wal.streams;

import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.killed.WriterOptions;
import io.duramen.wal.killed.WriterOutput;
import io.duramen.wal.log.Appended;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// A process that lets streams append until it is killed.
final class StreamWriter {
    /// Small, so that the log does not grow faster than it can be checked.
    private static final int BATCH_ENTRIES_MAX = 16;

    private StreamWriter() {}

    /// @param arguments [WriterOptions]
    public static void main(String[] arguments) {
        WriterOptions options = WriterOptions.parse(arguments);
        ActorSystem<Void> system = ActorWriter.system(options);
        Wal wal = Wal.get(system);
        AppendSettings settings =
                AppendSettings.create(system).withDurability(options.durability())
                        .withBatchEntriesMax(BATCH_ENTRIES_MAX);
        WriterOutput.opening();
        WalLog log = wal.log(options.logId(), options.base(), options.settings());
        for (int i = 0; i < options.threads(); i++) {
            run(system, log, settings, new Random(options.seed() + i));
        }
    }

    private static void run(ActorSystem<?> system, WalLog log, AppendSettings settings,
            Random random) {
        Queue<byte[]> unanswered = new ConcurrentLinkedQueue<>();
        Source.repeat(random).map(WriterOutput::anyPayload).map(payload -> {
            unanswered.add(payload);
            return ByteString.fromArray(payload);
        }).via(WalFlow.acknowledging(log, settings))
                .runForeach(appended -> acknowledge(appended, unanswered), system)
                .whenComplete((_, failure) -> failure.printStackTrace());
    }

    private static void acknowledge(Appended appended, Queue<byte[]> unanswered) {
        long count = appended.lastId() - appended.firstId() + 1;
        List<byte[]> answered = Stream.generate(unanswered::remove).limit(count).toList();
        WriterOutput.acknowledged(appended, answered);
    }
}

package io.duramen.wal.streams;

import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.killed.WriterOptions;
import io.duramen.wal.killed.WriterOutput;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.TruncateOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/// A process that appends to a log and truncates it through its actor until it is killed. What it
/// appends behind a truncation it does not wait for that to send.
final class TruncatingWriter {
    private static final int BATCH_MAX = 8;
    private static final int BATCHES_MAX = 20;
    /// More than two fragments hold.
    private static final int DROPPED_MAX = 150;

    private final WalLog log;
    private final Random random;

    private TruncatingWriter(WalLog log, Random random) {
        this.log = log;
        this.random = random;
    }

    /// @param arguments [WriterOptions]
    public static void main(String[] arguments) {
        WriterOptions options = WriterOptions.parse(arguments);
        Wal wal = Wal.get(ActorWriter.system(options));
        WriterOutput.opening();
        WalLog log = wal.log(options.logId(), options.base(), options.settings());
        new TruncatingWriter(log, new Random(options.seed())).writeForEver();
    }

    private void writeForEver() {
        long nextId = log.info().toCompletableFuture().join().nextId();
        while (true) {
            nextId = Math.max(nextId, appendSome());
            nextId = truncate(Math.max(-1, nextId - 1 - random.nextInt(DROPPED_MAX)));
        }
    }

    /// @return the next id
    private long appendSome() {
        List<List<byte[]>> batches = new ArrayList<>();
        List<CompletableFuture<Appended>> answers = new ArrayList<>();
        for (int i = random.nextInt(BATCHES_MAX); i >= 0; i--) {
            batches.add(batch());
            answers.add(append(batches.getLast()));
        }
        for (int i = 0; i < batches.size(); i++) {
            WriterOutput.acknowledged(answers.get(i).join(), batches.get(i));
        }
        return answers.getLast().join().lastId() + 1;
    }

    /// @return the next id
    private long truncate(long lastId) {
        List<byte[]> after = batch();
        WriterOutput.truncating(lastId, after);
        CompletableFuture<TruncateOutcome> truncated =
                log.truncateAfter(lastId).toCompletableFuture();
        CompletableFuture<Appended> appended = append(after);
        WriterOutput.truncated(truncated.join().nextId());
        WriterOutput.acknowledged(appended.join(), after);
        return appended.join().lastId() + 1;
    }

    private List<byte[]> batch() {
        return IntStream.range(0, 1 + random.nextInt(BATCH_MAX))
                .mapToObj(_ -> WriterOutput.anyPayload(random)).toList();
    }

    private CompletableFuture<Appended> append(List<byte[]> batch) {
        return log.appendAll(batch.stream().map(Payload::of).toList()).toCompletableFuture();
    }
}

package io.duramen.wal.killed;

import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Claim;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.memory.BufferPoolSettings;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;

/// A process that appends without actors until it is killed.
final class CoreWriter {
    private CoreWriter() {}

    /// @param arguments [WriterOptions]
    public static void main(String[] arguments) {
        WriterOptions options = WriterOptions.parse(arguments);
        WriterOutput.opening();
        LogEnvironment environment = LogEnvironment.open(options.driver().choose(), 1,
                new BufferPoolSettings("writer", LogEnvironment.GROUP_BYTES, 4, false, 1 << 24),
                Executors.newCachedThreadPool());
        DiskLog log = DiskLog.open(options.base(), options.logId(), options.settings(),
                environment);
        WriterOutput.open(log.nextId());
        for (int i = 0; i < options.threads(); i++) {
            Random random = new Random(options.seed() + i);
            Thread.ofPlatform().start(() -> appendForEver(log, random));
        }
    }

    private static void appendForEver(DiskLog log, Random random) {
        while (true) {
            byte[] payload = WriterOutput.anyPayload(random);
            Durability durability = random.nextBoolean() ? Durability.SYNCED : Durability.WRITTEN;
            switch (random.nextInt(3)) {
                case 0 -> acknowledge(log.append(Payload.of(payload), durability), payload);
                case 1 -> acknowledge(appendThroughClaim(log, payload), payload);
                default -> log.appendAsync(Payload.of(payload), durability).thenAccept(
                        appended -> WriterOutput.acknowledged(appended, List.of(payload)));
            }
        }
    }

    private static long appendThroughClaim(DiskLog log, byte[] payload) {
        try (Claim claim = log.claim(payload.length)) {
            claim.memory().copyFrom(MemorySegment.ofArray(payload));
            return claim.commit();
        }
    }

    private static void acknowledge(long id, byte[] payload) {
        WriterOutput.acknowledged(new Appended(id, id, Durability.WRITTEN), List.of(payload));
    }
}

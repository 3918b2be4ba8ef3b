package io.duramen.wal.bench;

import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.probe.Interruption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Reads a log as a restart does: each entry in order, its checksum compared.
///
/// @param log it; an entry in it is read as often as time allows
record Replay(DiskLog log) {
    /// Between two looks at the clock.
    private static final int ENTRIES_EACH = 512;

    /// Appends so many entries and syncs them.
    void fill(Payload payload, long entries) {
        CompletionStage<Appended> last = CompletableFuture.completedFuture(null);
        for (long i = 0; i < entries; i++) {
            last = log.appendAsync(payload, Durability.WRITTEN);
        }
        last.toCompletableFuture().join(); // answers come in order: the others are there
        log.sync();
    }

    /// @throws InterruptedException when this thread is interrupted
    Measurement run(Duration warmUp, Duration measured) throws InterruptedException {
        read(warmUp);
        return read(measured);
    }

    private Measurement read(Duration limit) throws InterruptedException {
        long entries = 0;
        long bytes = 0;
        long start = System.nanoTime();
        long now = start;
        while (now - start < limit.toNanos()) {
            try (LogReader reader = log.read(ReadRange.from(log.firstId()))) {
                while (now - start < limit.toNanos() && reader.hasNext()) {
                    for (int i = 0; i < ENTRIES_EACH && reader.hasNext(); i++) {
                        bytes += reader.next().sizeBytes();
                        entries++;
                    }
                    now = System.nanoTime();
                }
            }
            Interruption.check();
        }
        return new Measurement(entries, bytes, now - start, Measurement.NOT_TIMED);
    }
}

package io.duramen.wal.benchmarks.contestant;

import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.harness.Parameters;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LargeRollCycles;
import net.openhft.chronicle.wire.DocumentContext;

/// Chronicle Queue, open source edition. It maps its file and stores into the mapping; it has no
/// checksum. Where a case asks for `synced`, every entry is followed by its `sync`, an msync(2).
final class ChronicleQueue implements Contestant.Calling, Contestant.Bulk, Contestant.Replaying {
    /// What its documentation asks for on Java 17 and later; it also reports its use unless told
    /// not to.
    static final List<String> JVM_ARGUMENTS = List.of(
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
            "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
            "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "-Dchronicle.analytics.disable=true");
    private static final long BLOCK_BYTES = 256L << 20;

    private final SingleChronicleQueue queue;
    private final Bytes<Void> payload;
    private final boolean synced;
    private final boolean copies;
    private ExcerptAppender bulk;

    static ChronicleQueue open(Path directory, Parameters parameters) {
        // few entries of the index: the cycle that indexes least often among those for a day
        SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(LargeRollCycles.XLARGE_DAILY).blockSize(BLOCK_BYTES)
                .syncMode(parameters.isSynced() ? SyncMode.SYNC : SyncMode.NONE).build();
        return new ChronicleQueue(queue, parameters);
    }

    private ChronicleQueue(SingleChronicleQueue queue, Parameters parameters) {
        this.queue = queue;
        this.synced = parameters.isSynced();
        this.copies = parameters.is(Parameter.ACCESS, "copied");
        byte[] bytes = TestPayload.of(parameters);
        this.payload = Bytes.allocateDirect(bytes.length);
        payload.write(bytes);
    }

    @Override
    public Map<String, String> facts() {
        return Map.of(DRIVER, "mmap", MODE, "mapped", SYNC,
                synced ? "before each answer, by msync" : "never");
    }

    @Override
    public Caller caller() {
        ExcerptAppender appender = queue.createAppender();
        Bytes<Void> own = Bytes.allocateDirect(payload.readRemaining());
        own.write(payload, payload.readPosition(), payload.readRemaining());
        return () -> {
            append(appender, own);
            return -1;
        };
    }

    private void append(ExcerptAppender appender, Bytes<Void> entry) {
        try (DocumentContext document = appender.writingDocument()) {
            document.wire().bytes().write(entry, entry.readPosition(), entry.readRemaining());
        }
        if (synced) {
            appender.sync();
        }
    }

    @Override
    public void appendAll(long count) {
        if (bulk == null) {
            bulk = queue.createAppender();
        }
        for (long i = 0; i < count; i++) {
            append(bulk, payload);
        }
    }

    @Override
    public long replay() {
        long bytes = 0;
        long seen = 0;
        byte[] copy = new byte[Math.toIntExact(payload.readRemaining())];
        try (ExcerptTailer tailer = queue.createTailer()) {
            while (true) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (!document.isPresent()) {
                        break;
                    }
                    Bytes<?> entry = document.wire().bytes();
                    bytes += entry.readRemaining();
                    if (copies) {
                        entry.read(copy);
                        seen += copy[0];
                    } else {
                        seen += entry.readByte();
                    }
                }
            }
        }
        Sight.of(seen);
        return bytes;
    }

    @Override
    public void close() {
        queue.close();
    }
}

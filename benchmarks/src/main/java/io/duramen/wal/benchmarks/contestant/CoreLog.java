package io.duramen.wal.benchmarks.contestant;

import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.harness.Parameters;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.Entry;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.ReadRange;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// [DiskLog], without actors.
final class CoreLog implements Contestant.Calling, Contestant.Bulk, Contestant.Replaying {
    private static final LogId LOG_ID = LogId.of("bench");
    // what DiskLog.open gives a log that shares nothing
    private static final int BUFFERS = 16;
    private static final int IO_THREADS = 1;

    private final LogEnvironment environment;
    private final DiskLog log;
    private final Payload payload;
    private final Durability durability;
    private final boolean pipelined;
    private final boolean copies;
    private final Parameters parameters;

    static CoreLog open(Path directory, Parameters parameters) {
        LogEnvironment environment = LogOptions.environment(parameters, IO_THREADS, BUFFERS,
                LogEnvironment.GROUP_BYTES);
        try {
            DiskLog log = DiskLog.open(directory, LOG_ID, LogOptions.settings(parameters),
                    environment);
            return new CoreLog(environment, log, parameters);
        } catch (RuntimeException | Error failure) {
            environment.close();
            throw failure;
        }
    }

    private CoreLog(LogEnvironment environment, DiskLog log, Parameters parameters) {
        this.environment = environment;
        this.log = log;
        this.payload = Payload.of(TestPayload.of(parameters));
        this.durability = LogOptions.durability(parameters);
        this.pipelined = !parameters.is(Parameter.API, "blocking");
        this.copies = parameters.is(Parameter.ACCESS, "copied");
        this.parameters = parameters;
    }

    @Override
    public Map<String, String> facts() {
        return LogOptions.facts(log.info(), parameters);
    }

    @Override
    public Caller caller() {
        return () -> log.append(payload, durability);
    }

    @Override
    public void appendAll(long count) {
        long end = log.info().nextId() + count;
        if (pipelined) {
            appendPipelined(count);
        } else {
            for (long i = 0; i < count; i++) {
                log.append(payload, durability);
            }
        }
        if (log.info().nextId() != end) { // answers come in the order of ids, refusals do not
            throw new IllegalStateException("some appends were refused");
        }
    }

    private void appendPipelined(long count) {
        CompletionStage<Appended> last = null;
        for (long i = 0; i < count; i++) {
            last = log.appendAsync(payload, durability);
        }
        if (last != null) {
            last.toCompletableFuture().join();
        }
    }

    @Override
    public long replay() {
        long bytes = 0;
        long seen = 0;
        try (LogReader reader = log.read(ReadRange.from(log.firstId()))) {
            while (reader.hasNext()) {
                Entry entry = reader.next();
                bytes += entry.sizeBytes();
                seen += copies ? entry.toByteArray()[0]
                        : entry.memory().get(ValueLayout.JAVA_BYTE, 0);
            }
        }
        Sight.of(seen);
        return bytes;
    }

    @Override
    public void close() {
        try (environment) {
            log.close();
        }
    }
}

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;

/// [DiskLog], without actors: one log, or as many as the case says on one environment, among which
/// callers choose at random.
final class CoreLog implements Contestant.Calling, Contestant.Bulk, Contestant.Replaying {
    // what DiskLog.open gives a log that shares nothing
    private static final int BUFFERS = 16;
    private static final int IO_THREADS = 1;

    private final LogEnvironment environment;
    private final List<DiskLog> logs;
    private final Payload payload;
    private final Durability durability;
    private final boolean pipelined;
    private final boolean copies;
    private final Parameters parameters;

    static CoreLog open(Path directory, Parameters parameters) {
        LogEnvironment environment = LogOptions.environment(parameters, IO_THREADS, BUFFERS,
                LogEnvironment.GROUP_BYTES);
        List<DiskLog> logs = new ArrayList<>();
        try {
            for (int i = 0; i < parameters.number(Parameter.LOGS, 1); i++) {
                logs.add(DiskLog.open(directory, LogId.of("bench" + i),
                        LogOptions.settings(parameters), environment));
            }
            return new CoreLog(environment, logs, parameters);
        } catch (RuntimeException | Error failure) {
            logs.forEach(DiskLog::close);
            environment.close();
            throw failure;
        }
    }

    private CoreLog(LogEnvironment environment, List<DiskLog> logs, Parameters parameters) {
        this.environment = environment;
        this.logs = logs;
        this.payload = Payload.of(TestPayload.of(parameters));
        this.durability = LogOptions.durability(parameters);
        this.pipelined = !parameters.is(Parameter.API, "blocking");
        this.copies = parameters.is(Parameter.ACCESS, "copied");
        this.parameters = parameters;
    }

    @Override
    public Map<String, String> facts() {
        return LogOptions.facts(logs.getFirst().info(), parameters);
    }

    @Override
    public Caller caller() {
        if (logs.size() == 1) {
            DiskLog only = logs.getFirst();
            return () -> only.append(payload, durability);
        }
        SplittableRandom random = new SplittableRandom();
        return () -> logs.get(random.nextInt(logs.size())).append(payload, durability);
    }

    /// Distributes the entries evenly among logs.
    @Override
    public void appendAll(long count) {
        for (int i = 0; i < logs.size(); i++) {
            long share = count / logs.size() + (i < count % logs.size() ? 1 : 0);
            appendAll(logs.get(i), share);
        }
    }

    private void appendAll(DiskLog log, long count) {
        long end = log.info().nextId() + count;
        if (pipelined) {
            appendPipelined(log, count);
        } else {
            for (long i = 0; i < count; i++) {
                log.append(payload, durability);
            }
        }
        if (log.info().nextId() != end) { // answers come in the order of ids, refusals do not
            throw new IllegalStateException("some appends were refused");
        }
    }

    private void appendPipelined(DiskLog log, long count) {
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
        return logs.stream().mapToLong(this::replay).sum();
    }

    private long replay(DiskLog log) {
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
            logs.forEach(DiskLog::close);
        }
    }
}

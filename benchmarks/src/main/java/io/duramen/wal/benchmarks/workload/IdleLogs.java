package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.Metric;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.harness.Parameters;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;

/// Opens many logs, appends an entry to each, and leaves them alone: what an idle log takes is the
/// memory of all less that of one, by their number.
final class IdleLogs implements Workload {
    private static final int COLLECTIONS_MAX = 20;
    private static final double SETTLED = 0.005;
    private static final Path STATUS = Path.of("/proc/self/status");

    /// @param heapBytes in use after collection
    /// @param residentBytes of the whole process, where the system tells
    private record Memory(long heapBytes, OptionalLong residentBytes) {}

    @Override
    public Outcome run(Fork fork) throws Exception {
        long logs = fork.parameters().number(Parameter.LOGS);
        Memory one = measure(fork, "one", fork.parameters().with(Parameter.LOGS, 1)).memory();
        Idle many = measure(fork, "many", fork.parameters());
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.HEAP_BYTES_PER_LOG,
                (many.memory().heapBytes() - one.heapBytes()) / (logs - 1.0));
        if (one.residentBytes().isPresent()) {
            long resident = many.memory().residentBytes().getAsLong();
            values.put(Metric.RESIDENT_BYTES_PER_LOG,
                    (resident - one.residentBytes().getAsLong()) / (logs - 1.0));
        }
        values.put(Metric.OPEN_NANOS, (double) many.openNanos() / logs);
        return Outcome.of(values, many.facts());
    }

    /// @param openNanos for all logs together
    private record Idle(Memory memory, long openNanos, Map<String, String> facts) {}

    private static Idle measure(Fork fork, String name, Parameters parameters) throws Exception {
        long start = System.nanoTime();
        try (Contestant.Bulk log = fork.subject().entrant()
                .open(fork.directory().resolve(name), parameters, Contestant.Bulk.class)) {
            long openNanos = System.nanoTime() - start;
            log.appendAll(parameters.number(Parameter.LOGS));
            return new Idle(settledMemory(), openNanos, log.facts());
        }
    }

    /// Collects until that makes no difference any more.
    private static Memory settledMemory() throws InterruptedException, IOException {
        long before = Long.MAX_VALUE;
        long now = heapBytes();
        for (int i = 0; i < COLLECTIONS_MAX && before - now > SETTLED * now; i++) {
            Thread.sleep(200); // what is under way in the background comes to its end
            before = now;
            now = heapBytes();
        }
        return new Memory(now, residentBytes());
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static OptionalLong residentBytes() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst();
    }
}

package io.duramen.wal.benchmarks.workload;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.duramen.wal.benchmarks.harness.Metric;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;

/// Time, heap allocation and processor time of this JVM since a moment.
final class Gauges {
    private static final ThreadMXBean THREADS =
            (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final long allocatedBytes = THREADS.getTotalThreadAllocatedBytes();
    private final long cpuNanos = SYSTEM.getProcessCpuTime();
    private final long startNanos = System.nanoTime();

    long elapsedNanos() {
        return System.nanoTime() - startNanos;
    }

    /// What handling this many entries took.
    Map<Metric, Double> per(long entries, int payloadBytes) {
        double seconds = elapsedNanos() / 1e9;
        long cpu = SYSTEM.getProcessCpuTime() - cpuNanos;
        long allocated = THREADS.getTotalThreadAllocatedBytes() - allocatedBytes;
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.ENTRIES_PER_SECOND, entries / seconds);
        values.put(Metric.BYTES_PER_SECOND, (double) entries * payloadBytes / seconds);
        values.put(Metric.ALLOCATED_BYTES_PER_ENTRY, (double) allocated / entries);
        values.put(Metric.CPU_NANOS_PER_ENTRY, (double) cpu / entries);
        return values;
    }
}

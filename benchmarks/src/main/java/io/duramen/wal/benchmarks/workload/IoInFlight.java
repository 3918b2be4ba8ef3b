package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.contestant.LogOptions;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.Latencies;
import io.duramen.wal.benchmarks.harness.Metric;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.memory.AlignedBuffer;
import io.duramen.wal.memory.Alignment;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Our I/O scheduler with a certain number of operations in flight. One in flight is executed by
/// the thread that asks; of several, each completion submits the next.
final class IoInFlight implements Workload {
    private static final int IO_THREADS = 8; // of the posix driver, as shipped
    private static final long FILE_BYTES = 256L << 20;
    private static final int DIRECT_FILL_BYTES = 1 << 20;
    private static final long FILE_BYTES_OF_MANY = 16L << 20;

    /// Bytes of each file, for fio as well.
    static long fileBytes(IoPattern pattern) {
        return pattern.isFilePerOperation() ? FILE_BYTES_OF_MANY : FILE_BYTES;
    }

    @Override
    public Outcome run(Fork fork) throws Exception {
        int depth = Math.toIntExact(fork.parameters().number(Parameter.DEPTH));
        int blockBytes = Math.toIntExact(fork.parameters().number(Parameter.BLOCK));
        IoPattern pattern = IoPattern.of(fork.parameters());
        Files.createDirectories(fork.directory());
        try (LogEnvironment environment = LogOptions.environment(fork.parameters(), IO_THREADS,
                depth, blockBytes)) {
            List<IoFile> files =
                    files(environment, fork.directory(), pattern, depth, blockBytes);
            try {
                List<IoSlot> slots = new ArrayList<>();
                for (int i = 0; i < depth; i++) {
                    IoFile file = files.get(i % files.size());
                    MemorySegment memory = environment.pool().acquire().memory();
                    slots.add(new IoSlot(pattern, file, memory, fileBytes(pattern), i));
                }
                run(environment, slots, fork.budget().warmUp());
                Gauges gauges = new Gauges();
                Latencies latencies = run(environment, slots, fork.budget().measure());
                return outcome(gauges, latencies, environment, pattern);
            } finally {
                files.forEach(IoFile::close);
            }
        }
    }

    private static Outcome outcome(Gauges gauges, Latencies latencies,
            LogEnvironment environment, IoPattern pattern) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        Map<Metric, Double> all = gauges.per(latencies.count(), 0);
        values.put(Metric.OPERATIONS_PER_SECOND, all.get(Metric.ENTRIES_PER_SECOND));
        values.put(Metric.CPU_NANOS_PER_ENTRY, all.get(Metric.CPU_NANOS_PER_ENTRY));
        values.put(Metric.ALLOCATED_BYTES_PER_ENTRY, all.get(Metric.ALLOCATED_BYTES_PER_ENTRY));
        return Outcome.of(values, Map.of(Contestant.DRIVER, environment.scheduler().driverName(),
                Contestant.MODE, pattern.isDirect() ? "O_DIRECT" : "page cache"))
                .withLatencies(latencies);
    }

    private static List<IoFile> files(LogEnvironment environment, Path directory,
            IoPattern pattern, int depth, int blockBytes) {
        Disk disk = environment.disk();
        List<IoFile> files = new ArrayList<>();
        for (int i = 0; i < (pattern.isFilePerOperation() ? depth : 1); i++) {
            Path path = directory.resolve("io_" + i);
            IoFile file = disk.create(path);
            file.allocate(0, fileBytes(pattern));
            if (pattern.isDirect()) {
                file.close();
                file = disk.openDirect(path, pattern.sync());
            }
            fill(environment, file, fileBytes(pattern),
                    pattern.isDirect() ? DIRECT_FILL_BYTES : blockBytes);
            files.add(file);
        }
        return files;
    }

    /// The way that is measured: the page cache keeps what is written at once in one piece, and a
    /// write into a larger one costs many times as much; and what it keeps at all is in the way of
    /// direct writes.
    private static void fill(LogEnvironment environment, IoFile file, long sizeBytes,
            int pieceBytes) {
        try (AlignedBuffer zeros = AlignedBuffer.allocate(pieceBytes, Alignment.PAGE)) {
            for (long at = 0; at < sizeBytes; at += pieceBytes) {
                environment.scheduler()
                        .execute(IoChain.of(new IoOperation.Write(file, zeros.memory(), at)))
                        .orThrow();
            }
        }
        environment.scheduler().execute(IoChain.of(new IoOperation.Fsync(file))).orThrow();
    }

    private static Latencies run(LogEnvironment environment, List<IoSlot> slots, Duration time)
            throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        if (slots.size() == 1) {
            slots.getFirst().executeUntil(environment.scheduler(), end);
        } else {
            slots.forEach(slot -> slot.startUntil(environment.scheduler(), end));
            for (IoSlot slot : slots) {
                slot.awaitEnd();
            }
        }
        Latencies all = new Latencies();
        slots.forEach(slot -> all.add(slot.latencies()));
        return all;
    }
}

package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.ForkProcess;
import io.duramen.wal.benchmarks.harness.Metric;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Opens a log that another process left behind, and appends one entry. Opening alone is not the
/// same for all: some do their work when they are first asked for something. Before, small logs are
/// opened, so that classes are loaded.
final class Opening implements Workload {
    private static final Duration FILL_TIME_MAX = Duration.ofMinutes(10);
    private static final long SMALL_BYTES = 1 << 20;
    private static final int SMALL_OPENINGS = 5;

    @Override
    public Outcome run(Fork fork) throws Exception {
        Path small = fork.directory().resolve("small");
        fill(fork, small, SMALL_BYTES);
        for (int i = 0; i < SMALL_OPENINGS; i++) {
            open(fork, small);
        }
        Path large = fork.directory().resolve("large");
        fill(fork, large, fork.parameters().number(Parameter.LOG_SIZE));
        if (fork.parameters().is(Parameter.CACHE, "cold")) {
            dropFromPageCache(large);
        }
        return open(fork, large);
    }

    private static void fill(Fork fork, Path directory, long logBytes)
            throws ForkProcess.Failed, IOException, InterruptedException {
        Case filling = new Case(fork.subject().entrant(), WorkloadKind.FILL,
                fork.parameters().with(Parameter.LOG_SIZE, logBytes));
        new ForkProcess(fork.directory().resolve("fill"), FILL_TIME_MAX)
                .run(new Fork(filling, fork.budget(), directory));
    }

    private static Outcome open(Fork fork, Path directory) throws Exception {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        long start = System.nanoTime();
        try (Contestant.Bulk log = fork.subject().entrant().open(directory, fork.parameters(),
                Contestant.Bulk.class)) {
            values.put(Metric.OPEN_NANOS, (double) System.nanoTime() - start);
            log.appendAll(1);
            values.put(Metric.OPEN_AND_APPEND_NANOS, (double) System.nanoTime() - start);
            return Outcome.of(values, log.facts());
        }
    }

    /// GNU dd advises the kernel so for a whole file when it is asked to copy nothing.
    private static void dropFromPageCache(Path directory)
            throws IOException, InterruptedException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            int exit = new ProcessBuilder("dd", "of=" + file, "oflag=nocache",
                    "conv=notrunc,fdatasync", "count=0", "status=none").inheritIO().start()
                            .waitFor();
            if (exit != 0) {
                throw new IOException("dd cannot drop " + file + " from the page cache");
            }
        }
    }
}

package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.Latencies;
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

/// Entries arrive at a fixed rate at a log of ours while its fragments come to their end. Which
/// entry began a fragment is told by the files' names.
///
/// The worst latency in a window after each rotation, and in one after each moment at which the
/// next fragment is prepared (half way), is compared with the worst in as many windows where
/// nothing of the kind happens (a quarter of the way): without those, a slow moment of the machine
/// would be taken for our doing.
final class RotationTail implements Workload {
    private static final String FRAGMENT = "fragment_";

    @Override
    public Outcome run(Fork fork) throws Exception {
        long rate = fork.parameters().number(Parameter.RATE);
        Latencies latencies;
        Map<String, String> facts;
        LatencyLine line;
        try (Contestant.Calling log = fork.open(Contestant.Calling.class);
                CallerThreads threads = new CallerThreads(log, fork.parameters())) {
            long firstId = appendAll(threads, fork.budget().warmUp(), rate,
                    new LatencyLine(rate, fork.budget().warmUp(), 0));
            line = new LatencyLine(rate, fork.budget().measure(), firstId);
            appendAll(threads, fork.budget().measure(), rate, line);
            latencies = threads.latencies();
            facts = log.facts();
        }
        return Outcome.of(values(line, firstIds(fork.directory()), latencies), facts)
                .withLatencies(latencies);
    }

    /// @return entries appended
    private static long appendAll(CallerThreads threads, Duration time, long rate,
            LatencyLine line) throws InterruptedException {
        Arrivals arrivals = new Arrivals(rate, threads.count(), time);
        return threads.run((index, caller, latencies) -> {
            for (long i = 0; i < arrivals.entriesPerCaller(); i++) {
                long due = arrivals.await(index, i);
                long id = caller.append();
                long latency = System.nanoTime() - due;
                latencies.record(latency);
                line.record(id, latency);
            }
        });
    }

    private static Map<Metric, Double> values(LatencyLine line, List<Long> firstIds,
            Latencies latencies) {
        long rotations = 0;
        long atRotation = 0;
        long atPreparation = 0;
        long elsewhere = 0;
        for (int i = 0; i + 1 < firstIds.size(); i++) {
            long first = firstIds.get(i);
            long length = firstIds.get(i + 1) - first;
            if (first < line.firstId() || first + length > line.endId()) {
                continue; // not all of this fragment's life was measured
            }
            rotations++;
            long window = length / 8;
            atRotation = Math.max(atRotation, line.worst(first, window));
            elsewhere = Math.max(elsewhere, line.worst(first + length / 4, window));
            atPreparation = Math.max(atPreparation, line.worst(first + length / 2, window));
        }
        if (rotations == 0) {
            throw new IllegalStateException("no fragment began and ended while it was measured");
        }
        double p99 = latencies.atPercentile(99);
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.ROTATIONS, (double) rotations);
        values.put(Metric.WORST_AT_ROTATION, atRotation / p99);
        values.put(Metric.WORST_AT_PREPARATION, atPreparation / p99);
        values.put(Metric.WORST_ELSEWHERE, elsewhere / p99);
        return values;
    }

    private static List<Long> firstIds(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(FRAGMENT))
                    .map(name -> Long.valueOf(name.substring(FRAGMENT.length()))).sorted()
                    .toList();
        }
    }
}

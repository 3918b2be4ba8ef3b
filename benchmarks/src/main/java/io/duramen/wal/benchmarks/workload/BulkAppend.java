package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.harness.Budget;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One caller appends as fast as it can, in runs of about 32 MiB that each end when everything in
/// them is as durable as asked. The curve is nanoseconds per entry over bytes in the log.
final class BulkAppend implements Workload {
    private static final long RUN_BYTES = 32L << 20;
    private static final long RUN_ENTRIES_MIN = 64;

    @Override
    public Outcome run(Fork fork) throws Exception {
        int payloadBytes = fork.parameters().payloadBytes();
        Budget budget = fork.budget();
        long run = Math.max(RUN_ENTRIES_MIN, RUN_BYTES / payloadBytes);
        try (Contestant.Bulk log = fork.open(Contestant.Bulk.class)) {
            long before = appendFor(log, budget.warmUp(), run, budget.entriesMax(payloadBytes),
                    new ArrayList<>(), payloadBytes);
            List<Outcome.Point> curve = new ArrayList<>();
            Gauges gauges = new Gauges();
            long entries = appendFor(log, budget.measure(), run, budget.entriesMax(payloadBytes),
                    curve, payloadBytes);
            var values = gauges.per(entries, payloadBytes);
            double offset = (double) before * payloadBytes;
            return Outcome.of(values, log.facts()).withCurve(curve.stream()
                    .map(point -> new Outcome.Point(point.x() + offset, point.y())).toList());
        }
    }

    /// @return entries appended
    private static long appendFor(Contestant.Bulk log, Duration time, long run, long entriesMax,
            List<Outcome.Point> curve, int payloadBytes) throws Exception {
        long entries = 0;
        long start = System.nanoTime();
        long now = start;
        while (entries < entriesMax && now - start < time.toNanos()) {
            log.appendAll(run);
            entries += run;
            long end = System.nanoTime();
            curve.add(new Outcome.Point((double) entries * payloadBytes,
                    (double) (end - now) / run));
            now = end;
        }
        return entries;
    }
}

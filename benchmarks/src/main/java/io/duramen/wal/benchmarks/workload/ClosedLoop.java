package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import java.time.Duration;

/// Callers that each append one entry, wait for its answer, and append the next. A latency is the
/// time of one append, so it says nothing about arrivals that do not wait: see [OpenLoop].
final class ClosedLoop implements Workload {
    @Override
    public Outcome run(Fork fork) throws Exception {
        int callers = Math.toIntExact(fork.parameters().number(Parameter.CALLERS));
        int payloadBytes = fork.parameters().payloadBytes();
        long entriesMax = fork.budget().entriesMax(payloadBytes) / callers;
        try (Contestant.Calling log = fork.open(Contestant.Calling.class);
                CallerThreads threads = new CallerThreads(log, fork.parameters())) {
            callAll(threads, fork.budget().warmUp(), entriesMax);
            Gauges gauges = new Gauges();
            long entries = callAll(threads, fork.budget().measure(), entriesMax);
            return Outcome.of(gauges.per(entries, payloadBytes), log.facts())
                    .withLatencies(threads.latencies());
        }
    }

    /// @return entries appended
    private static long callAll(CallerThreads threads, Duration time, long entriesMax)
            throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        return threads.run((_, caller, latencies) -> {
            long before = System.nanoTime();
            for (long i = 0; i < entriesMax && before < end; i++) {
                caller.append();
                long after = System.nanoTime();
                latencies.record(after - before);
                before = after;
            }
        });
    }
}

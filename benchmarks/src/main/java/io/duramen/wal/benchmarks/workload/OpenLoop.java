package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import java.time.Duration;

/// Entries that arrive at a fixed rate, whether or not those before them have been answered. A
/// latency counts from the moment at which the entry was due, so a stall is felt by everything that
/// was due in it.
final class OpenLoop implements Workload {
    @Override
    public Outcome run(Fork fork) throws Exception {
        long rate = fork.parameters().number(Parameter.RATE);
        int payloadBytes = fork.parameters().payloadBytes();
        try (Contestant.Calling log = fork.open(Contestant.Calling.class);
                CallerThreads threads = new CallerThreads(log, fork.parameters())) {
            callAll(threads, fork.budget().warmUp(), rate);
            Gauges gauges = new Gauges();
            long entries = callAll(threads, fork.budget().measure(), rate);
            return Outcome.of(gauges.per(entries, payloadBytes), log.facts())
                    .withLatencies(threads.latencies());
        }
    }

    /// @return entries appended
    private static long callAll(CallerThreads threads, Duration time, long rate)
            throws InterruptedException {
        Arrivals arrivals = new Arrivals(rate, threads.count(), time);
        return threads.run((index, caller, latencies) -> {
            for (long i = 0; i < arrivals.entriesPerCaller(); i++) {
                long due = arrivals.await(index, i);
                caller.append();
                latencies.record(System.nanoTime() - due);
            }
        });
    }
}

package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Entries that arrive at a fixed rate, whether or not those before them have been answered. A
/// latency counts from the moment at which the entry was due, so a stall is felt by everything that
/// was due in it.
final class OpenLoop implements Workload {
    /// Closer to the moment than this, a thread yields: parking takes about as long.
    private static final long PARK_NANOS = 100_000;

    @Override
    public Outcome run(Fork fork) throws Exception {
        int callers = Math.toIntExact(fork.parameters().number(Parameter.CALLERS));
        long rate = fork.parameters().number(Parameter.RATE);
        int payloadBytes = fork.parameters().payloadBytes();
        try (Contestant.Calling log = fork.open(Contestant.Calling.class);
                CallerThreads threads = new CallerThreads(log, callers)) {
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
        double stepNanos = 1e9 * threads.count() / rate;
        long entries = Math.max(1, Math.round(time.toNanos() / stepNanos));
        long start = System.nanoTime();
        return threads.run((index, caller, latencies) -> {
            double first = start + stepNanos * index / threads.count();
            for (long i = 0; i < entries; i++) {
                long due = Math.round(first + i * stepNanos);
                awaitMoment(due);
                caller.append();
                latencies.record(System.nanoTime() - due);
            }
        });
    }

    static void awaitMoment(long due) {
        long left = due - System.nanoTime();
        while (left > 0) {
            if (left > PARK_NANOS) {
                LockSupport.parkNanos(left - PARK_NANOS);
            } else {
                Thread.yield();
            }
            left = due - System.nanoTime();
        }
    }
}

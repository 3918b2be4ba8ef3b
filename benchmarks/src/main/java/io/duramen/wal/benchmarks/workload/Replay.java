package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import java.time.Duration;

/// Reads a whole log again and again. It was appended by the same process, so it is in the page
/// cache.
final class Replay implements Workload {
    @Override
    public Outcome run(Fork fork) throws Exception {
        int payloadBytes = fork.parameters().payloadBytes();
        long entries = Math.max(1, fork.parameters().number(Parameter.LOG_SIZE) / payloadBytes);
        try (Contestant.Bulk log = fork.open(Contestant.Bulk.class)) {
            if (!(log instanceof Contestant.Replaying reading)) {
                throw new UnsupportedOperationException(
                        fork.subject().entrant().label() + " cannot be read here");
            }
            log.appendAll(entries);
            long bytes = entries * payloadBytes;
            replayFor(reading, fork.budget().warmUp(), bytes);
            Gauges gauges = new Gauges();
            long passes = replayFor(reading, fork.budget().measure(), bytes);
            return Outcome.of(gauges.per(passes * entries, payloadBytes), log.facts());
        }
    }

    /// @return how often the log was read, at least once
    private static long replayFor(Contestant.Replaying log, Duration time, long bytes)
            throws Exception {
        long start = System.nanoTime();
        long passes = 0;
        do {
            long seen = log.replay();
            if (seen != bytes) {
                throw new IllegalStateException("read " + seen + " bytes of " + bytes);
            }
            passes++;
        } while (System.nanoTime() - start < time.toNanos());
        return passes;
    }
}

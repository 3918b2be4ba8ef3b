package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import java.util.Map;

/// Leaves a log behind, for [Opening]: closed in order, or as a kill leaves it, since the fork
/// halts when this returns.
final class Fill implements Workload {
    @Override
    public Outcome run(Fork fork) throws Exception {
        long entries = fork.parameters().number(Parameter.LOG_SIZE)
                / fork.parameters().payloadBytes();
        Contestant.Bulk log = fork.open(Contestant.Bulk.class);
        log.appendAll(Math.max(1, entries));
        if (fork.parameters().is(Parameter.LEFT, "closed")) {
            log.close();
        }
        return Outcome.of(Map.of(), Map.of());
    }
}

package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.Outcome;

/// What is done with a contestant, and what is measured of it. It runs once in a JVM of its own.
public interface Workload {
    /// @throws Exception when it could not be measured; the message says why
    Outcome run(Fork fork) throws Exception;
}

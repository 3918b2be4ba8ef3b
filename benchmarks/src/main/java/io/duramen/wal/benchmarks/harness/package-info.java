/// What is measured once, and how does it get into a JVM of its own and back?
///
/// In reading order: [Parameter][io.duramen.wal.benchmarks.harness.Parameter] and
/// [Case][io.duramen.wal.benchmarks.harness.Case], what to measure;
/// [Budget][io.duramen.wal.benchmarks.harness.Budget], how long;
/// [Fork][io.duramen.wal.benchmarks.harness.Fork], both and a folder;
/// [ForkProcess][io.duramen.wal.benchmarks.harness.ForkProcess] starts a JVM, `ForkMain` is it;
/// [Outcome][io.duramen.wal.benchmarks.harness.Outcome] with its
/// [Metric][io.duramen.wal.benchmarks.harness.Metric]s and
/// [Latencies][io.duramen.wal.benchmarks.harness.Latencies] comes back;
/// [Sample][io.duramen.wal.benchmarks.harness.Sample] is an outcome, or why there is none.
package io.duramen.wal.benchmarks.harness;

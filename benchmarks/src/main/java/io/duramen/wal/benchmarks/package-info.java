/// How fast is ours, and how fast are its peers, on one machine in one run?
///
/// In reading order:
///
/// - `harness`: a [Case][io.duramen.wal.benchmarks.harness.Case] is measured by a
///   [Fork][io.duramen.wal.benchmarks.harness.Fork], a JVM of its own, and leaves an
///   [Outcome][io.duramen.wal.benchmarks.harness.Outcome]
/// - `contestant`: who can be measured; an
///   [Entrant][io.duramen.wal.benchmarks.contestant.Entrant] opens a
///   [Contestant][io.duramen.wal.benchmarks.contestant.Contestant]
/// - `workload`: what is done with it, and what is measured of that
/// - `targets`: what we want to know, as tables of cases with goals
/// - `report`: results as a page with tables and drawings
/// - [BenchmarkCommand][io.duramen.wal.benchmarks.BenchmarkCommand]: the command, `benchmarks/run`;
///   `Rounds` lets cases alternate
///
/// Invariants:
///
/// - Nothing is measured in the JVM that drives, and no two things at the same time.
/// - Every number of a report was measured in the run that wrote it.
package io.duramen.wal.benchmarks;

/// What do we want to know, and what do we want to reach?
///
/// [Targets][io.duramen.wal.benchmarks.targets.Targets] lists every
/// [Target][io.duramen.wal.benchmarks.targets.Target]; a target has tables
/// ([Group][io.duramen.wal.benchmarks.targets.Group]) of cases that are measured side by side, with
/// a [Goal][io.duramen.wal.benchmarks.targets.Goal] for some, and a
/// [Chart][io.duramen.wal.benchmarks.targets.Chart]. A
/// [Plan][io.duramen.wal.benchmarks.targets.Plan] says how much of it is measured.
package io.duramen.wal.benchmarks.targets;

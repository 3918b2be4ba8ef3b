/// What do we want to know, and what do we want to reach?
///
/// [Targets][io.duramen.wal.benchmarks.target.Targets] lists every
/// [Target][io.duramen.wal.benchmarks.target.Target]; a target has tables
/// ([Group][io.duramen.wal.benchmarks.target.Group]) of cases that are measured side by side, with
/// a [Goal][io.duramen.wal.benchmarks.target.Goal] for some, and a
/// [Chart][io.duramen.wal.benchmarks.target.Chart]. A
/// [Plan][io.duramen.wal.benchmarks.target.Plan] says how much of it is measured.
package io.duramen.wal.benchmarks.target;

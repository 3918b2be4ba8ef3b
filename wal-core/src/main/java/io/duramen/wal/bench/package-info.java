/// How fast are logs on this machine, below this base path?
///
/// In reading order:
///
/// - [BenchSettings][io.duramen.wal.bench.BenchSettings],
///   [BenchCase][io.duramen.wal.bench.BenchCase]: what is measured, and for how long
/// - [Bench][io.duramen.wal.bench.Bench]: measures case after case; each ends in a
///   [CaseResult][io.duramen.wal.bench.CaseResult], most with a
///   [Measurement][io.duramen.wal.bench.Measurement]
/// - `ClosedLoop`: callers that do the same again and again; `Replay`: reading
///
/// Invariants:
///
/// - It measures the engine that applications embed, [DiskLog][io.duramen.wal.log.DiskLog], with
///   its default settings, except that a caller waits for room as long as it takes.
/// - What was begun while measuring is counted to its end, however late that is.
/// - What is created is gone afterwards, also after a failure.
///
/// May import: `java.*`, `io.duramen.wal` and its packages `probe`, `log` and `fragment`.
package io.duramen.wal.bench;

/// What does this machine offer to logs below a base path, and what does it cost there?
///
/// In reading order:
///
/// - [Examination][io.duramen.wal.probe.Examination]: finds it out, on a
///   [Machine][io.duramen.wal.probe.Machine]: its [MachineFacts][io.duramen.wal.probe.MachineFacts]
///   and [StorageFacts][io.duramen.wal.probe.StorageFacts], and what
///   [Trials][io.duramen.wal.probe.Trials] show, each a [Trial][io.duramen.wal.probe.Trial]: of
///   files (`FileTrials`), and of a log in each I/O mode (`ModeTrials`)
/// - [Findings][io.duramen.wal.probe.Findings]: the facts alone
/// - [Diagnosis][io.duramen.wal.probe.Diagnosis]: what they mean, as a list of
///   [Warning][io.duramen.wal.probe.Warning]; whether syncs are believed is for `SyncHonesty`
/// - [PreWrittenFile][io.duramen.wal.probe.PreWrittenFile] and
///   [SyncMeasurement][io.duramen.wal.probe.SyncMeasurement]: a bare write and sync, timed;
///   [LatencyRecorder][io.duramen.wal.probe.LatencyRecorder],
///   [Latency][io.duramen.wal.probe.Latency]
/// - [ScratchDirectory][io.duramen.wal.probe.ScratchDirectory]: where all of it happens
///
/// Invariants:
///
/// - What is created is gone afterwards, also after a failure.
/// - Facts are found out by asking or trying, never assumed from a name or a version.
/// - Findings hold no judgement, and a diagnosis asks nobody anything.
///
/// May import: `java.*`, HdrHistogram, `io.duramen.wal` and its packages `log`, `fragment`,
/// `memory`, `io`, `io.posix` and `io.uring`. Nothing that logs need imports it.
package io.duramen.wal.probe;

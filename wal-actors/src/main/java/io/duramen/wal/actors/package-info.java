/// How do actors and streams of one process share a log, without a thread that waits?
///
/// In reading order:
///
/// - [io.duramen.wal.actors.Wal]: the extension; gives a [io.duramen.wal.actors.WalLog], the
///   handle, whose calls are requests through `LogCalls`
/// - [io.duramen.wal.actors.LogRequest]: the protocol: append, read, trim, truncate, close, and the
///   answers; a reader's lease comes through a [io.duramen.wal.actors.LeaseSlot]
/// - [io.duramen.wal.actors.WalSettings]: the section `duramen.wal`; `KnownKeys` and `Section`
///   check it
/// - `OpeningLog`, then [io.duramen.wal.actors.LogActor] or `FailedLog`, and `RestingLog` while
///   nobody uses it: the life of a log that is written here, one actor all the time; its
///   [io.duramen.wal.actors.LogPhase] is seen on the handle. Requests wait in the `WaitingRoom`
///   while it is not open; `Ending` gives it back. `LogEvent` are its messages to itself;
///   `GroupPlan` with `Admission`, `PendingBytes`, `DrainRate`, `CommitQueue` and `FragmentSpace`,
///   and `LogState`, are what it decides with, without threads or I/O; `PlacedAppends` are those
///   that name their id; `NextFragment`, `Upkeep`, `TimeLookups` and `Truncating` are its blocking
///   work; `LogParts` puts it together
/// - [io.duramen.wal.actors.AppendCredits]: back-pressure for actors that append; `CreditLedger`
///   keeps the accounts
/// - [io.duramen.wal.actors.FragmentActor]: one file each: encodes groups, has them written
///   (`GroupWrites`), seals, lends its mapping; `FragmentActors` keeps them
/// - [io.duramen.wal.actors.IoSchedulerActor]: the way to the disk that all logs share
/// - [io.duramen.wal.actors.ViewActor]: the same protocol over a log that another process writes
///
/// Invariants:
///
/// - An append that a log has received gets exactly one answer, also when the log fails, is closed,
///   or is stopped in the middle.
/// - One thing is under way at a time in a log: a group, a sync, a rotation, or its end; beside a
///   group another may be encoded, and reaches the disk behind it or not at all.
/// - What is under way at the disk keeps its buffer (`WriteHold`) and the log's lock
///   (`WriteAccess`) until it has ended, whatever becomes of the actors.
/// - Whatever waits has a limit, and an answer when the limit is reached.
/// - What blocks runs on the blocking dispatcher.
///
/// May import: `wal-core` without its drivers and `os`, Pekko's typed actors, Typesafe Config,
/// SLF4J through the actors' context.
package io.duramen.wal.actors;

/// How does one thread execute a chain with plain blocking calls?
///
/// What the drivers of this machine share, hidden from everyone else. In reading order:
///
/// - [io.duramen.wal.io.posix.calls.HeldChain]: a chain whose files stay open until it has ended,
///   and its execution by plain calls, one after the other; `AlignedBytes` and
///   [io.duramen.wal.io.posix.calls.UsableBytes] tell which transfers cannot be made
/// - [io.duramen.wal.io.posix.calls.StopSignal], [io.duramen.wal.io.posix.calls.StopReason],
///   [io.duramen.wal.io.posix.calls.Deadline]: whether a chain is to be given up
/// - [io.duramen.wal.io.posix.calls.Submission]: a chain for another thread: its ticket, with its
///   callback
/// - [io.duramen.wal.io.posix.calls.CallersThread]: executes chains for whoever asks, until closed
/// - [io.duramen.wal.io.posix.calls.CallLane]: one thread that executes submitted ones
/// - [io.duramen.wal.io.posix.calls.ChainCounters], `CompletionTimes`: what was done, how long it
///   took
///
/// Invariants:
///
/// - Whoever holds a chain executes it or gives it back, once.
/// - The files are given back before the result is known to anyone.
///
/// May import: `java.*`, `io.duramen.wal`, `io.duramen.wal.io`, `io.duramen.wal.os`,
/// `org.HdrHistogram`.
package io.duramen.wal.io.posix.calls;

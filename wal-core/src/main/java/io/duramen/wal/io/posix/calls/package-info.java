/// How does one thread execute a chain with plain blocking calls?
///
/// What the drivers of this machine share, hidden from everyone else. In reading order:
///
/// - [io.duramen.wal.io.posix.calls.HeldChain]: a chain whose files stay open until it has ended,
///   and its execution by plain calls, one after the other, but for what `AlignedBytes` and
///   `UsableBytes` refuse
/// - [io.duramen.wal.io.posix.calls.CallersThread]: executes chains for whoever asks, until closed
/// - [io.duramen.wal.io.posix.calls.Submission]: a chain for another thread, with its callback
/// - [io.duramen.wal.io.posix.calls.ChainCounters]: what was done
///
/// Invariants:
///
/// - Whoever holds a chain executes it or gives it back, once.
/// - The files are given back before the result is known to anyone.
///
/// May import: `java.*`, `io.duramen.wal`, `io.duramen.wal.io`, `io.duramen.wal.os`.
package io.duramen.wal.io.posix.calls;

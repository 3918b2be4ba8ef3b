/// How are files reached with plain blocking system calls?
///
/// The reference driver: no feature of the kernel beyond POSIX and a few Linux calls that every
/// supported kernel has.
///
/// In reading order:
///
/// - [io.duramen.wal.io.posix.PosixDisk]: names and locks; opens a `PosixFile`
/// - [io.duramen.wal.io.posix.PosixScheduler], with
///   [io.duramen.wal.io.posix.PosixSchedulerSettings]: threads that take from `WaitingChains`,
///   or the caller's own thread; the chain is executed by what is in `io.posix.calls`. One more
///   thread ends chains that are given up while they wait
///
/// Invariants:
///
/// - A chain is executed by one thread, from its first operation to its last.
/// - Accepting a chain takes its files into use; they are given back before its result is told.
/// - No thread's interrupt ends an operation or closes a file.
///
/// May import: `java.*`, `io.duramen.wal`, `io.duramen.wal.io`, `io.duramen.wal.io.posix.calls`,
/// `io.duramen.wal.os`.
package io.duramen.wal.io.posix;

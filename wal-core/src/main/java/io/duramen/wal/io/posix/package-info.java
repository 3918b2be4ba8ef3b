/// How are files reached with plain blocking system calls?
///
/// The reference driver: no feature of the kernel beyond POSIX and a few Linux calls that every
/// supported kernel has. Where the calls of a system are not known, the JDK's own file API makes
/// them.
///
/// In reading order:
///
/// - [io.duramen.wal.io.posix.LocalDisk]: chooses between the next two
/// - [io.duramen.wal.io.posix.PosixDisk]: names and locks by system calls; opens a `PosixFile`,
///   past the page cache through `DirectOpening`; `FileSpace`, `FileCopy` and `PageAdvice` are what
///   a file can do
/// - [io.duramen.wal.io.posix.JdkDisk]: the same through the JDK; opens a `JdkFile`, locks by a
///   `JdkFileLock`
/// - [io.duramen.wal.io.posix.PosixScheduler], with
///   [io.duramen.wal.io.posix.PosixSchedulerSettings]: threads that take from `WaitingChains`,
///   or the caller's own thread; the chain is executed by what is in `io.posix.calls`. One more
///   thread ends chains that are given up while they wait
/// - [io.duramen.wal.io.posix.FileSystemFacts], [io.duramen.wal.io.posix.MountFacts],
///   [io.duramen.wal.io.posix.DeviceFacts]: what is below a directory, for reports; nothing in here
///   is decided by them
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

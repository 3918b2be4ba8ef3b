/// How do bytes get between memory and a disk, and how do files get their names?
///
/// In reading order:
///
/// - [io.duramen.wal.io.Disk]: names, directories, locks; opens an [io.duramen.wal.io.IoFile]
/// - [io.duramen.wal.io.IoFile]: one open file: its length and blocks, copies of it
///   ([io.duramen.wal.io.CopyResult]), its mappings, advice on both
///   ([io.duramen.wal.io.AccessAdvice], [io.duramen.wal.io.MappingAdvice]), and, past the page
///   cache, its [io.duramen.wal.io.DirectAlignment]
/// - [io.duramen.wal.io.IoOperation], [io.duramen.wal.io.IoChain]: what is to be moved, in which
///   order, what a failure means for the rest, and by when
/// - [io.duramen.wal.io.IoScheduler]: moves it; answers with an [io.duramen.wal.io.IoResult], by
///   callback and through an [io.duramen.wal.io.IoTicket], which can be cancelled; counts in
///   [io.duramen.wal.io.IoStatistics]
/// - [io.duramen.wal.io.BatchIo]: many regions of one file at a time, over any scheduler; answers
///   with a [io.duramen.wal.io.BatchResult]
///
/// Drivers live in sub-packages, one each, and pass the same contract tests; `io.posix` is the
/// reference. A scheduler takes files of the disk that it belongs with.
///
/// Invariants:
///
/// - Every transfer names its offset; no file has a position.
/// - What was accepted completes exactly once and states the exact number of bytes, also when it
///   is cancelled or takes too long.
/// - Order holds inside a chain and nowhere else.
/// - A descriptor is never closed under a call or an accepted chain.
///
/// May import: `java.*`, `io.duramen.wal`.
package io.duramen.wal.io;

/// Payloads as Chronicle Bytes, over memory that is ours: how does a user of that library read an
/// entry in place, write one in place, and hand one over, without a copy too many?
///
/// In reading order:
///
/// 1. [PayloadView][io.duramen.wal.bytes.PayloadView] - reads an entry's payload where it lies;
/// 2. [PayloadClaim][io.duramen.wal.bytes.PayloadClaim] - writes a payload where it will lie;
/// 3. [PayloadCopy][io.duramen.wal.bytes.PayloadCopy] - copies a payload in, wherever it lives.
///
/// Invariants:
///
/// - Chronicle checks few offsets of a store, and an access outside its memory ends the process.
///   The stores of this package check all of them: outside, detached and read-only accesses throw.
/// - Views own nothing. Who made the memory keeps it alive until the view is detached.
/// - Nothing else in the log loads a Chronicle class; these do so when first used.
///
/// First use is silent: no JVM flag is needed and nothing reaches the terminal, neither from
/// Chronicle nor from the JDK about Chronicle's use of `sun.misc.Unsafe` (the package's
/// `QuietStart` says how). That holds where this package is the first in the process to touch
/// Chronicle. Two things stay the application's own. An SLF4J provider that writes to a file gets a
/// few lines from Chronicle's start: set the logger `net.openhft` to OFF. And a process started
/// with `--sun-misc-unsafe-memory-access=deny` cannot use this package; the rest of the log works
/// there.
///
/// Chronicle starts one daemon thread of its own, `background~resource~releaser`; we give it
/// nothing to do.
///
/// It may import `java.*` and `net.openhft.chronicle`.
package io.duramen.wal.bytes;

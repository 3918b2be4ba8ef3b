/// How are files reached through io_uring(7), the kernel's queues for requests and completions?
///
/// The driver for many requests at a time: one thread keeps any number of them under way, at most
/// 256 for the kernel at once. Needs Linux 6.1 and no native library.
///
/// In reading order:
///
/// - [io.duramen.wal.io.uring.RingProbe]: whether it can be used here, and if not, why;
///   [io.duramen.wal.io.uring.RegistrationProbe]: the same for buffers that stay pinned
/// - [io.duramen.wal.io.uring.UringScheduler], with
///   [io.duramen.wal.io.uring.UringSchedulerSettings] and
///   [io.duramen.wal.io.uring.UringStatistics]: takes chains from any thread, and says which of
///   them go by plain calls; the others pass an `Admission`
/// - `RingLoop`: what the thread that owns the ring does; the `Doorbell` wakes it
/// - `RingChain`: how far a chain has come; `RingRounds`: which of its operations go together;
///   `WriteRun`: several chains that go as one write. A chain or a run is a `Flight`, with a slot
///   of the `FlightTable` while the kernel has its entries; `LiveChains` has every chain that is
///   not complete
/// - `Ring`, its `SubmissionQueue` and its `CompletionQueue`: the memory shared with the kernel;
///   `RingEntries` turns operations into entries, for bytes in a `RegisteredMemory` and files in
///   the `FileTable` special ones
///
/// Invariants:
///
/// - Only the thread that owns the ring touches it, its queues, and chains that were taken over.
/// - A chain whose entries the kernel has keeps its files in use and its bytes reachable, and
///   nobody is told of it before all of these entries have come back.
/// - Operations in flight never exceed the entries of the ring, so completions always have room.
/// - The thread sleeps only with the doorbell armed, and no longer than until the next deadline.
/// - A file has a place in the table only while its descriptor is open: it gives it back before
///   close(2).
///
/// May import: `java.*`, `io.duramen.wal`, `io.duramen.wal.io`, `io.duramen.wal.io.posix.calls`,
/// `io.duramen.wal.os`, `org.jctools`.
package io.duramen.wal.io.uring;

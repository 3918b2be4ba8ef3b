/// How does a Pekko stream write to a log, and read from one, with backpressure down to the disk?
///
/// In reading order:
///
/// - [io.duramen.wal.streams.WalSink]: appends; completes when everything is as durable as asked,
///   with an [io.duramen.wal.streams.AppendTotal]
/// - [io.duramen.wal.streams.WalFlow]: appends and says which ids the elements got
/// - [io.duramen.wal.streams.AppendSettings]: durability and size of a batch; `AppendStage` gathers
///   batches, one under way at a time
/// - [io.duramen.wal.streams.WalSource]: a log from its beginning or from a point in time, a range
///   of it, or its tail;
///   `ReadStage` reads from a mapping it has on lease, an [io.duramen.wal.streams.WalEntry] for
///   each demand
///
/// Invariants:
///
/// - Entries are appended in the order of the elements, each once; a batch refused as overloaded is
///   sent again before anything behind it.
/// - What was emitted downstream of an append is as durable as asked.
/// - A stage that ends, however it ends, gives back the lease it has, or is yet to get.
/// - Nothing blocks.
///
/// May import: the handle, the settings and the protocol of `io.duramen.wal.actors`; of `wal-core`
/// the values in it, payloads and cursors; Pekko Streams.
package io.duramen.wal.streams;

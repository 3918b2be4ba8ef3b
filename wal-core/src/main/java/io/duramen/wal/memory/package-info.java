/// Where the bytes on their way to a disk live: off-heap memory that is aligned, bounded and owned.
///
/// In reading order:
///
/// 1. [Alignment][io.duramen.wal.memory.Alignment] - the arithmetic of block edges;
/// 2. [AlignedBuffer][io.duramen.wal.memory.AlignedBuffer] - one piece of memory with one owner;
/// 3. [BufferPool][io.duramen.wal.memory.BufferPool] - a fixed number of equal slots, reserved at
///    the start, set up by [BufferPoolSettings][io.duramen.wal.memory.BufferPoolSettings] and
///    described by [PoolStatistics][io.duramen.wal.memory.PoolStatistics];
/// 4. [BufferLease][io.duramen.wal.memory.BufferLease] - the right to use a slot for a while.
///
/// Invariants:
///
/// - A slot has at most one lease with references. A lease is a new object each time, so a holder
///   who gives back twice cannot take the slot from the next one.
/// - While somebody waits for a slot, no slot is free: returned slots go to the longest waiting.
/// - Memory is freed only when no lease refers to it.
/// - No slot memory is allocated after a pool was created.
///
/// It may import `java.*` and the errors of `io.duramen.wal`; it makes no foreign calls.
package io.duramen.wal.memory;

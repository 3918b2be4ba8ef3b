/// Where the bytes on their way to a disk live: off-heap memory that is aligned, bounded and owned.
///
/// In reading order:
///
/// 1. [Alignment][io.duramen.wal.memory.Alignment] - the arithmetic of block edges;
/// 2. [AlignedBuffer][io.duramen.wal.memory.AlignedBuffer] - one piece of memory with one owner;
/// 3. [BufferPool][io.duramen.wal.memory.BufferPool] - a fixed number of equal slots, reserved at
///    the start, set up by [BufferPoolSettings][io.duramen.wal.memory.BufferPoolSettings] and
///    described by [PoolStatistics][io.duramen.wal.memory.PoolStatistics];
/// 4. [BufferLease][io.duramen.wal.memory.BufferLease] - the right to use a slot for a while;
/// 5. [SlabSettings][io.duramen.wal.memory.SlabSettings],
///    [MemoryLock][io.duramen.wal.memory.MemoryLock] and
///    [SlabState][io.duramen.wal.memory.SlabState] - what kind of memory the slots are to be, and
///    are;
/// 6. [WatchSettings][io.duramen.wal.memory.WatchSettings] - what is watched of those who use them:
///    `LeakDetector`, `SlowAcquireWatch`.
///
/// Invariants:
///
/// - A slot has at most one lease that was not given back. A lease is a new object each time, so a
///   holder who gives back twice cannot take the slot from the next one.
/// - While somebody waits for a slot, no slot is free: returned slots go to the longest waiting.
/// - Memory is freed only when no lease refers to it.
/// - No slot memory is allocated after a pool was created.
/// - What a pool asked of its memory and did not get is logged and in its statistics.
///
/// It may import `java.*`, the errors of `io.duramen.wal`, and, for a slab, `io.duramen.wal.os`.
package io.duramen.wal.memory;

package io.duramen.wal.memory;

/// What a pool's memory really is; looked up when the pool was created.
///
/// @param sizeBytes of all slots
/// @param hugePageBytes how much of it was in pages of 2 MiB; 0 where [HugePages#ON] was not asked
///     for
/// @param lockedBytes how much of it cannot be swapped; 0 where that was not asked for
public record SlabState(long sizeBytes, long hugePageBytes, long lockedBytes) {}

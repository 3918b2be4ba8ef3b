package io.duramen.wal.memory;

/// A pool at one moment.
///
/// @param name the pool's name
/// @param slotBytes size of a slot
/// @param slots how many slots there are
/// @param leased slots in use now
/// @param leasedPeak most slots in use at one time so far
/// @param acquires slots handed out so far
/// @param waits requests so far that found no free slot and waited for one
/// @param unpooled one-off buffers in use now
/// @param unpooledBytes bytes of memory they take
/// @param misuse leases given back once too often, and writes to slots after their release or
///     outside their bounds
/// @param leaks leases that were lost without being given back, of those that are traced
/// @param slab what the memory of the slots really is
public record PoolStatistics(String name, int slotBytes, int slots, int leased, int leasedPeak,
        long acquires, long waits, int unpooled, long unpooledBytes, long misuse, long leaks,
        SlabState slab) {}

package io.duramen.wal.actors;

import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.OpenGroup;

/// How full the fragment is that a log grows in: what its [LogActor] must know of it to decide what
/// the next group holds, and when to rotate.
record FragmentSpace(FragmentGeometry geometry, long createdNanos, long endOfData,
        long entryCount) {
    static FragmentSpace of(FragmentHeader header, long endOfData, long entryCount) {
        return new FragmentSpace(new FragmentGeometry(header.fileSizeBytes()),
                header.createdNanos(), endOfData,
                entryCount);
    }

    /// Room for a group.
    ///
    /// @param entriesBytes bytes its entries take
    boolean holds(long entriesBytes, int entries) {
        return geometry.holds(endOfData + OpenGroup.bytesFor(entriesBytes), entryCount + entries);
    }

    /// What is left behind a group.
    ///
    /// @param entriesBytes bytes its entries take
    FragmentSpace behind(long entriesBytes, int entries) {
        return new FragmentSpace(geometry, createdNanos,
                endOfData + OpenGroup.bytesFor(entriesBytes), entryCount + entries);
    }
}

package io.duramen.wal.actors;

import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.GroupRecord;

/// How full the fragment is that a log grows in: what its [LogActor] must know of it to decide what
/// the next group holds, and when to rotate.
record FragmentSpace(FragmentGeometry geometry, long createdNanos, long endOfData,
        long entryCount) {
    static FragmentSpace of(FragmentHeader header, long endOfData, long entryCount) {
        return new FragmentSpace(new FragmentGeometry(header.fileSizeBytes()),
                header.createdNanos(), endOfData,
                entryCount);
    }

    /// Room for one more entry behind a group of this size.
    boolean holds(long groupBytes, int groupEntries, long payloadBytes) {
        return geometry.holds(endOfData + groupBytes + EntryHeader.entryBytes(payloadBytes),
                entryCount + groupEntries + 1);
    }

    /// Room for an entry in a new group.
    boolean holds(long payloadBytes) {
        return holds(GroupRecord.BYTES, 0, payloadBytes);
    }

    FragmentSpace grownTo(long newEndOfData, long newEntryCount) {
        return new FragmentSpace(geometry, createdNanos, newEndOfData, newEntryCount);
    }
}

package io.duramen.wal.fragment;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.EntryReader;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.GroupRecord;
import java.lang.foreign.MemorySegment;

/// Reads the entries of one fragment in order, straight from its mapping, and checks every one.
///
/// Belongs to one thread at a time, and ends with the lease it was made from.
public final class FragmentCursor {
    private final FragmentLease lease;
    private final Fragment fragment;
    private final MemorySegment bytes;
    private EntryReader reader;
    private long limit;
    private long at;
    private long nextId;
    private long groupTimestampNanos;

    FragmentCursor(FragmentLease lease, long entryId) {
        this.lease = lease;
        this.fragment = lease.fragment();
        this.bytes = lease.bytes();
        nextId = entryId;
        renewReader();
        if (entryId == fragment.firstId()) {
            at = FragmentGeometry.DATA_START;
        } else {
            at = fragment.offsetOf(entryId, bytes);
            groupTimestampNanos = timestampOfGroupAround(entryId);
        }
    }

    private void renewReader() {
        limit = fragment.dataLimit();
        reader = new EntryReader(bytes, fragment.header().generation(), limit);
    }

    /// Moves to the next entry.
    ///
    /// @param visibleId highest id that may be read
    /// @return false where the next entry is not visible yet, or not in this fragment
    /// @throws WalException.Corrupt when the entry ought to be there and is not valid
    /// @throws WalException.LostEntries when a repair left a mark in its place
    public boolean advance(long visibleId) {
        if (nextId > visibleId || nextId > fragment.lastId()) {
            return false;
        }
        while (true) {
            switch (inspect(at, nextId)) {
                case GROUP -> {
                    groupTimestampNanos = reader.groupTimestampNanos();
                    at += reader.recordBytes();
                }
                case ENTRY -> {
                    at += reader.recordBytes();
                    nextId++;
                    return true;
                }
                case LOST -> throw lostEntries(Math.min(visibleId, fragment.lastId()));
                case FREE, INVALID -> throw new WalException.Corrupt(fragment.path(), at, nextId,
                        "the entry fails its check");
            }
        }
    }

    /// Those lost in a row from here on.
    private WalException.LostEntries lostEntries(long lastId) {
        long offset = at + reader.recordBytes();
        long id = nextId;
        while (id < lastId && inspect(offset, id + 1) == EntryReader.Found.LOST) {
            offset += reader.recordBytes();
            id++;
        }
        return new WalException.LostEntries(fragment.path(), at, nextId, id);
    }

    private EntryReader.Found inspect(long offset, long entryId) {
        try {
            return reader.inspect(offset, entryId);
        } catch (InternalError fault) {
            throw new WalException.Io("read", fragment.path(), 0, fault.getMessage());
        }
    }

    /// Id of the entry that [#advance(long)] moves to next.
    public long nextId() {
        return nextId;
    }

    /// Id of the entry it stands on.
    public long id() {
        return nextId - 1;
    }

    /// The time of the entry's group, in nanoseconds since 1970.
    public long timestampNanos() {
        return groupTimestampNanos;
    }

    /// Where in the file the next record starts.
    public long offset() {
        return at;
    }

    public int payloadBytes() {
        return reader.payloadBytes();
    }

    /// The payload, read-only; valid while the lease is held.
    public MemorySegment payload() {
        return bytes.asSlice(reader.payloadOffset(), reader.payloadBytes());
    }

    /// True where the next entry belongs to the same atomic batch.
    public boolean batchContinues() {
        return reader.batchContinues();
    }

    /// True where the fragment is complete and every entry of it was read.
    public boolean isAtEnd() {
        return nextId > fragment.lastId();
    }

    public FragmentLease lease() {
        return lease;
    }

    /// The record of the group that the entry is in, checked.
    private long timestampOfGroupAround(long entryId) {
        long group = lease.groupOffset(lease.firstOfGroup(entryId, reader));
        if (group < FragmentGeometry.DATA_START || !reader.isGroupAt(group)) {
            throw new WalException.Corrupt(fragment.path(), group, entryId,
                    "the record of its group fails its check");
        }
        return reader.groupTimestampNanos();
    }
}

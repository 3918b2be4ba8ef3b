package io.duramen.wal.fragment;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.EntryReader;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.GroupRecord;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/// Temporary ownership of a fragment's mapping: the bytes stay mapped, and their file exists, until
/// it is closed. Closing it twice is an error of the caller's.
public final class FragmentLease implements AutoCloseable {
    private final Fragment fragment;
    private final MemorySegment bytes;
    private final AtomicBoolean returned = new AtomicBoolean();

    FragmentLease(Fragment fragment, MemorySegment bytes) {
        this.fragment = fragment;
        this.bytes = bytes;
    }

    public Fragment fragment() {
        return fragment;
    }

    /// The whole file, read-only.
    public MemorySegment bytes() {
        return bytes;
    }

    /// A cursor that stands in front of an entry that is in this fragment and visible, or in front
    /// of the fragment's first where it is still empty.
    public FragmentCursor cursorBefore(long entryId) {
        return new FragmentCursor(this, entryId);
    }

    /// The last entry up to this one with which a log may start: reading from there on needs
    /// nothing in front of its group's record. Entries are not checked.
    ///
    /// @throws WalException.Corrupt where the index does not tell
    public long startBefore(long entryId) {
        EntryReader reader =
                new EntryReader(bytes, fragment.header().generation(), fragment.dataLimit());
        long start = firstOfGroup(entryId, reader);
        while (start > fragment.firstId() && reader.batchContinuesAt(offsetOf(start - 1))) {
            start = firstOfGroup(start - 1, reader);
        }
        return start;
    }

    /// Walks back to the first entry of a group: its record lies behind the nearest entry whose end
    /// is not where the following one starts. An entry whose place is a hole ends too early as
    /// well.
    long firstOfGroup(long entryId, EntryReader reader) {
        long start = fragment.offsetOf(entryId, bytes);
        for (long id = entryId; id > fragment.firstId(); id--) {
            long before = offsetOf(id - 1);
            if (before + reader.recordBytesAt(before) != start) {
                return id;
            }
            start = before;
        }
        return fragment.firstId();
    }

    private long offsetOf(long entryId) {
        long offset = fragment.offsetOf(entryId, bytes);
        if (offset < FragmentGeometry.DATA_START
                || offset + EntryHeader.BYTES > fragment.dataLimit()) {
            throw new WalException.Corrupt(fragment.path(), offset, -1,
                    "its index points outside the data");
        }
        return offset;
    }

    /// Where the record of a group lies.
    public long groupOffset(long firstIdOfGroup) {
        return fragment.offsetOf(firstIdOfGroup, bytes) - GroupRecord.BYTES;
    }

    @Override
    public void close() {
        if (!returned.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "the lease on " + fragment.path() + " was given back already");
        }
        fragment.returned();
    }
}

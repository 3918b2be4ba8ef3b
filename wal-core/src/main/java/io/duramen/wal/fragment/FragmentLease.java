package io.duramen.wal.fragment;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.EntryReader;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.GroupRecord;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
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

    /// A group of the fragment.
    ///
    /// @param firstId its first entry
    /// @param offset where its record lies
    public record Group(long firstId, long offset) {}

    /// The group that an entry is in, as the index tells.
    ///
    /// @return empty where the group's record fails its check
    /// @throws WalException.Corrupt where the index points outside the data
    public Optional<Group> groupOf(long entryId) {
        EntryReader reader =
                new EntryReader(bytes, fragment.header().generation(), fragment.dataLimit());
        long firstId = firstOfGroup(entryId, reader);
        long offset = groupOffset(firstId);
        boolean holds = offset >= FragmentGeometry.DATA_START && reader.isGroupAt(offset)
                && reader.group().firstId() == firstId;
        return holds ? Optional.of(new Group(firstId, offset)) : Optional.empty();
    }

    /// Walks back to the first entry of a group: its record lies behind the nearest entry whose end
    /// is not where the following one starts. An entry whose place is a hole ends too early as
    /// well.
    long firstOfGroup(long entryId, EntryReader reader) {
        long start = offsetOf(entryId);
        for (long id = entryId; id > fragment.firstId(); id--) {
            long before = offsetOf(id - 1);
            if (before + reader.recordBytesAt(before) != start) {
                return id;
            }
            start = before;
        }
        return fragment.firstId();
    }

    /// How much space entries take, by the index and the last one's header: nothing is checked, so
    /// of damaged ones too, and then it may not be right.
    ///
    /// @param fromId where it is the fragment's first, its group record counts as well
    public long bytesOf(long fromId, long toId) {
        long limit = fragment.dataLimit();
        long begin = fromId == fragment.firstId() ? FragmentGeometry.DATA_START
                : fragment.offsetOf(fromId, bytes);
        long last = fragment.offsetOf(toId, bytes);
        if (!isInData(last)) {
            return Math.max(0, limit - begin);
        }
        EntryReader reader = new EntryReader(bytes, fragment.header().generation(), limit);
        return Math.clamp(last + reader.recordBytesAt(last) - begin, 0, limit);
    }

    private long offsetOf(long entryId) {
        long offset = fragment.offsetOf(entryId, bytes);
        if (!isInData(offset)) {
            throw new WalException.Corrupt(fragment.path(), offset, -1,
                    "its index points outside the data");
        }
        return offset;
    }

    /// Whether there is room for an entry's header where the index says that one starts.
    private boolean isInData(long offset) {
        return offset >= FragmentGeometry.DATA_START
                && offset + EntryHeader.BYTES <= fragment.dataLimit();
    }

    /// Where the record of a group lies.
    long groupOffset(long firstIdOfGroup) {
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

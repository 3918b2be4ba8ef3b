package io.duramen.wal.fragment;

import io.duramen.wal.format.EntryReader;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.GroupRecord;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Finds where to go on behind a record that is damaged: by the index where it can be trusted, else
/// by the damaged record's own size, else by looking for the next group record.
final class NextRecord {
    private final Optional<SealedIndex> index;
    private final EntryReader reader;
    private final long limit;
    private long provenId = Long.MIN_VALUE;

    /// Where a record starts, and which entry is expected there; no offset where there is none.
    record Place(long offset, long nextId) {
        static final Place NONE = new Place(-1, -1);

        boolean isNone() {
            return offset < 0;
        }
    }

    NextRecord(MemorySegment bytes, FragmentHeader header, Optional<SealedIndex> index,
            long limit) {
        this.index = index.filter(SealedIndex::holds);
        this.reader = new EntryReader(bytes, header.generation(), limit);
        this.limit = limit;
    }

    /// @param at the damaged record
    /// @param expectedId the entry it holds, or that follows it if it is a group record
    Place after(long at, long expectedId) {
        return index.isPresent() ? byIndex(index.get(), at, expectedId) : bySearch(at, expectedId);
    }

    private Place byIndex(SealedIndex offsets, long at, long expectedId) {
        if (!offsets.covers(expectedId)) {
            return Place.NONE;
        }
        long start = offsets.offsetOf(expectedId);
        if (start > at) {
            return new Place(withGroupsInFront(at + 1, start), expectedId);
        }
        if (start < at) {
            return Place.NONE;
        }
        if (!offsets.covers(expectedId + 1)) {
            Place behind = bySearch(at, expectedId);
            return behind.isNone() ? new Place(limit, expectedId + 1) : behind;
        }
        long following = offsets.offsetOf(expectedId + 1);
        return following <= at ? Place.NONE
                : new Place(withGroupsInFront(at + 1, following), expectedId + 1);
    }

    private long withGroupsInFront(long from, long entryStart) {
        long start = entryStart;
        while (start - GroupRecord.BYTES >= from && reader.isGroupAt(start - GroupRecord.BYTES)) {
            start -= GroupRecord.BYTES;
        }
        return start;
    }

    private Place bySearch(long at, long expectedId) {
        long behind = at + reader.recordBytesAt(at);
        long behindGroup = at + GroupRecord.BYTES;
        if (reader.inspect(behindGroup, expectedId) == EntryReader.Found.ENTRY) {
            return new Place(behindGroup, expectedId);
        }
        if (behind < limit && isRecord(behind, expectedId + 1)) {
            return new Place(behind, expectedId + 1);
        }
        for (long place = at + GroupRecord.ALIGNMENT; place < limit; place +=
                GroupRecord.ALIGNMENT) {
            if (reader.isGroupAt(place) && reader.group().firstId() >= expectedId) {
                return new Place(place, reader.group().firstId());
            }
        }
        return Place.NONE;
    }

    private boolean isRecord(long offset, long expectedId) {
        EntryReader.Found found = reader.inspect(offset, expectedId);
        return found == EntryReader.Found.ENTRY || found == EntryReader.Found.GROUP;
    }

    /// The highest durable id that a valid group record tells, at an offset or behind it; -1 where
    /// there is none. Looks once: a walk asks first where it stops first.
    long durableIdProvenBeyond(long offset) {
        if (provenId == Long.MIN_VALUE) {
            provenId = -1;
            for (long at = Math.max(offset, FragmentGeometry.DATA_START); at < limit; at +=
                    GroupRecord.ALIGNMENT) {
                if (reader.isGroupAt(at)) {
                    provenId = Math.max(provenId, reader.group().durableId());
                }
            }
        }
        return provenId;
    }
}

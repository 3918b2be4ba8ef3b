package io.duramen.wal.fragment;

import io.duramen.wal.format.EntryReader;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.GroupRecord;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Finds where to go on behind a record that is damaged: by the index where it can be trusted, else
/// by the damaged record's own size, else where words of a damaged index point to a valid entry,
/// else by looking for the next group record.
final class NextRecord {
    /// Words of a damaged index that are tried one after the other.
    private static final int HINTS_MAX = 4096;

    private final MemorySegment bytes;
    private final FragmentGeometry geometry;
    private final long firstId;
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
        this.bytes = bytes;
        this.geometry = new FragmentGeometry(header.fileSizeBytes());
        this.firstId = header.firstId();
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
        if (isEntry(behindGroup, expectedId)) {
            return new Place(behindGroup, expectedId);
        }
        if (behind < limit && isRecord(behind, expectedId + 1)) {
            return new Place(behind, expectedId + 1);
        }
        Place hinted = hasIndexWords() ? byHint(at, expectedId) : Place.NONE;
        return hinted.isNone() ? byGroup(at, expectedId) : hinted;
    }

    /// True where the last words below the footer look like an index: its first entry lies behind
    /// the first group record.
    private boolean hasIndexWords() {
        long first = geometry.indexStart(1);
        return first + FragmentGeometry.INDEX_WORD_BYTES <= bytes.byteSize() && EntryIndex
                .readOffset(bytes, first) == FragmentGeometry.DATA_START + GroupRecord.BYTES;
    }

    private Place byHint(long at, long expectedId) {
        for (long id = expectedId; id < expectedId + HINTS_MAX; id++) {
            long word = geometry.indexStart(id - firstId + 1);
            if (word <= at) {
                break;
            }
            long start = EntryIndex.readOffset(bytes, word);
            if (start > at && start < limit && isEntry(start, id)) {
                return new Place(withGroupsInFront(at + 1, start), id);
            }
        }
        return Place.NONE;
    }

    private Place byGroup(long at, long expectedId) {
        for (long place = at + GroupRecord.ALIGNMENT; place < limit; place +=
                GroupRecord.ALIGNMENT) {
            if (reader.isGroupAt(place) && reader.group().firstId() >= expectedId) {
                return new Place(place, reader.group().firstId());
            }
        }
        return Place.NONE;
    }

    private boolean isEntry(long offset, long expectedId) {
        return switch (reader.inspect(offset, expectedId)) {
            case ENTRY, LOST -> true;
            case GROUP, FREE, INVALID -> false;
        };
    }

    private boolean isRecord(long offset, long expectedId) {
        return switch (reader.inspect(offset, expectedId)) {
            case ENTRY, LOST, GROUP -> true;
            case FREE, INVALID -> false;
        };
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

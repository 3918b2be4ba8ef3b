package io.duramen.wal.fragment;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.EntryWriter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.GroupRecord;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// Writes what is left of a fragment to a new file, without gaps: records that hold, and marks for
/// entries that are lost. Group records are made to say what follows them now.
///
/// Belongs to one thread; whoever made it syncs the file.
public final class FragmentRewriter {
    private static final int MARK_BYTES = EntryHeader.BYTES;

    private final Path file;
    private final MemorySegment bytes;
    private final FragmentGeometry geometry;
    private final EntryWriter writer;
    private final long firstId;
    private long end = FragmentGeometry.DATA_START;
    private long nextId;
    private long lastTimestampNanos;
    private Group group;
    private Group batchGroup;
    private long batchAt = -1;
    private long batchId;

    /// The group that records are being added to.
    private record Group(long offset, GroupRecord record, int entries) {
        Group plusOne() {
            return new Group(offset, record, entries + 1);
        }
    }

    /// @param file named in errors
    /// @param bytes the whole file, zero but for this header
    public FragmentRewriter(Path file, MemorySegment bytes, FragmentHeader header) {
        this.file = file;
        this.bytes = bytes;
        this.geometry = new FragmentGeometry(header.fileSizeBytes());
        this.writer = new EntryWriter(bytes, header.generation());
        this.firstId = header.firstId();
        this.nextId = header.firstId();
        this.lastTimestampNanos = header.createdNanos();
    }

    /// How many marks fit behind what is there.
    ///
    /// @param endOfData where they would start
    /// @param entryCount entries in front of them
    public static long marksThatFit(FragmentGeometry geometry, long endOfData, long entryCount) {
        // a group record may go in front of them, and one behind
        long room = geometry.indexStart(entryCount) - endOfData - 2L * GroupRecord.BYTES;
        return Math.max(0, room / (MARK_BYTES + FragmentGeometry.INDEX_WORD_BYTES));
    }

    void group(GroupRecord record) {
        closeGroup();
        requireRoom(GroupRecord.BYTES, 0);
        lastTimestampNanos = Math.max(lastTimestampNanos, record.timestampNanos());
        group = new Group(end, new GroupRecord(record.entryCount(), record.firstId(),
                Math.min(record.durableId(), record.firstId() - 1), lastTimestampNanos, 0), 0);
        end += GroupRecord.BYTES;
    }

    void entry(FragmentVisitor.SeenEntry entry) {
        assert entry.id() == nextId;
        requireGroup();
        int payloadBytes = (int) entry.payload().byteSize();
        requireRoom(EntryHeader.entryBytes(payloadBytes), 1);
        if (!entry.batchContinues()) {
            batchAt = -1;
        } else if (batchAt < 0) {
            batchAt = end;
            batchId = nextId;
            batchGroup = group;
        }
        MemorySegment.copy(entry.payload(), 0, bytes, EntryWriter.payloadOffset(end),
                payloadBytes);
        writer.finishEntry(end, nextId, payloadBytes, entry.batchContinues());
        added(EntryHeader.entryBytes(payloadBytes));
    }

    /// Marks all entries up to this one as lost, those of a batch that goes on into them included.
    public void markUpTo(long lastId) {
        dropOpenBatch();
        requireGroup();
        while (nextId <= lastId) {
            requireRoom(MARK_BYTES, 1);
            writer.markLost(end, nextId, MARK_BYTES);
            added(MARK_BYTES);
        }
    }

    private void added(long recordBytes) {
        end += recordBytes;
        nextId++;
        group = group.plusOne();
    }

    /// Forgets the entries of an atomic batch whose end does not come.
    void dropOpenBatch() {
        if (batchAt >= 0) {
            bytes.asSlice(batchAt, end - batchAt).fill((byte) 0);
            end = batchAt;
            nextId = batchId;
            group = batchGroup;
            batchAt = -1;
        }
    }

    /// Where a group's record is lost its entries join the group before, and the first ones get a
    /// new one.
    private void requireGroup() {
        if (group == null) {
            group(new GroupRecord(1, nextId, -1, lastTimestampNanos, 0));
        }
    }

    private void requireRoom(long recordBytes, int entries) {
        long count = nextId - firstId + entries;
        if (end + recordBytes > geometry.indexStart(count)) {
            throw new WalException.Irreparable(file, "has no room for what is left of it");
        }
    }

    private void closeGroup() {
        if (group == null) {
            return;
        }
        if (group.entries() == 0 && group.record().entryCount() > 0) {
            bytes.asSlice(group.offset(), end - group.offset()).fill((byte) 0);
            end = group.offset();
        } else {
            GroupRecord told = group.record();
            write(group.offset(),
                    new GroupRecord(group.entries(), told.firstId(), told.durableId(),
                            told.timestampNanos(), end - group.offset()));
        }
        group = null;
    }

    private void write(long offset, GroupRecord record) {
        writer.writeGroupRecord(offset, record);
    }

    /// Completes what was written.
    ///
    /// @param closing a record follows that says that all of it is durable: nothing is added behind
    ///     it before the file is synced
    public void finish(boolean closing) {
        closeGroup();
        if (closing && nextId > firstId) {
            requireRoom(GroupRecord.BYTES, 0);
            write(end, new GroupRecord(0, nextId, nextId - 1,
                    lastTimestampNanos, GroupRecord.BYTES));
            end += GroupRecord.BYTES;
        }
    }

    public long nextId() {
        return nextId;
    }

    public long endOfData() {
        return end;
    }
}

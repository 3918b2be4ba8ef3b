package io.duramen.wal.fragment;

import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.GroupRecord;

/// The growing end of a fragment: which id and which offset come next. It encodes groups in
/// the memory it is given and knows nothing of files; who owns it puts the encoded groups there, in
/// the order they were begun.
///
/// Belongs to one thread at a time.
public final class FragmentWriter {
    private final FragmentHeader header;
    private final FragmentGeometry geometry;
    private final EntryIndex index;
    private long endOfData;
    private long nextId;
    private int lastEntryCrc;
    private long firstTimestampNanos;
    private long lastTimestampNanos;
    private OpenGroup open;

    /// A writer for a fragment that is empty.
    public static FragmentWriter create(FragmentHeader header) {
        return new FragmentWriter(header, new EntryIndex(), FragmentGeometry.DATA_START,
                header.predecessorLastCrc(), 0,
                header.createdNanos());
    }

    /// A writer that goes on where a scan ended.
    public static FragmentWriter resume(FragmentHeader header, FragmentScan scan) {
        return new FragmentWriter(header, scan.index(), scan.endOfData(), scan.lastEntryCrc(),
                scan.firstTimestampNanos(),
                Math.max(scan.lastTimestampNanos(), header.createdNanos()));
    }

    private FragmentWriter(FragmentHeader header, EntryIndex index, long endOfData,
            int lastEntryCrc,
            long firstTimestampNanos, long lastTimestampNanos) {
        this.header = header;
        this.geometry = new FragmentGeometry(header.fileSizeBytes());
        this.index = index;
        this.endOfData = endOfData;
        this.nextId = header.firstId() + index.count();
        this.lastEntryCrc = lastEntryCrc;
        this.firstTimestampNanos = firstTimestampNanos;
        this.lastTimestampNanos = lastTimestampNanos;
    }

    public FragmentHeader header() {
        return header;
    }

    public EntryIndex index() {
        return index;
    }

    public long nextId() {
        return nextId;
    }

    public long entryCount() {
        return index.count();
    }

    /// Where the next record will start, the open group included.
    public long endOfData() {
        return open == null ? endOfData : open.fileOffset() + open.sizeBytes();
    }

    /// The checksum of the newest entry; that of the predecessor's while there is none.
    public int lastEntryCrc() {
        return lastEntryCrc;
    }

    public long lastTimestampNanos() {
        return lastTimestampNanos;
    }

    /// True where more entries fit into the file, the record of a new group included.
    ///
    /// @param entriesBytes bytes they take there
    public boolean holds(long entriesBytes, int entryCount) {
        long group = open == null ? GroupRecord.BYTES : 0;
        return geometry.holds(endOfData() + group + entriesBytes, index.count() + entryCount);
    }

    /// True where a group record without entries fits; it always does, since entries leave room for
    /// it.
    boolean holdsClosingRecord() {
        return endOfData() + GroupRecord.BYTES <= geometry.indexStart(index.count());
    }

    /// Starts the next group in this memory. The one before is closed.
    public OpenGroup beginGroup(GroupMemory memory) {
        if (open != null) {
            throw new IllegalStateException("a group is open already");
        }
        open = new OpenGroup(this, memory, endOfData);
        return open;
    }

    long added(long offset, int crc) {
        index.add(offset);
        lastEntryCrc = crc;
        return nextId++;
    }

    /// The time of a group that closes now: never before that of the group before it.
    long closed(OpenGroup group, long nowNanos) {
        assert group == open;
        long timestampNanos = Math.max(nowNanos, lastTimestampNanos);
        if (firstTimestampNanos == 0) {
            firstTimestampNanos = timestampNanos;
        }
        lastTimestampNanos = timestampNanos;
        endOfData = group.fileOffset() + group.sizeBytes();
        open = null;
        return timestampNanos;
    }

    void abandoned(OpenGroup group) {
        assert group == open;
        open = null;
    }

    /// The footer that seals the fragment as it is now.
    public FragmentFooter footer(int indexCrc) {
        return new FragmentFooter(header.generation(), index.count(), header.firstId(), nextId - 1,
                endOfData, indexCrc,
                lastEntryCrc, firstTimestampNanos, lastTimestampNanos);
    }
}

package io.duramen.wal.fragment;

import io.duramen.wal.format.EntryReader;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.GroupRecord;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/// What a fragment without footer holds: the valid entries, and marks of lost ones, from its start
/// on, up to the first byte that is neither. An atomic batch whose end is missing does not count.
///
/// The scan needs memory for the index only, 4 bytes an entry.
public final class FragmentScan {
    private static final long STEP_BYTES = 1 << 20;

    private final FragmentHeader header;
    private final FragmentGeometry geometry;
    private final MemorySegment bytes;
    private final EntryReader reader;
    private final EntryIndex index = new EntryIndex();
    private long endOfData = FragmentGeometry.DATA_START;
    private int lastEntryCrc;
    private long firstTimestampNanos;
    private long lastTimestampNanos;
    private boolean batchCut;

    /// Scans all there is.
    ///
    /// @param bytes the whole fragment
    public static FragmentScan of(FragmentHeader header, MemorySegment bytes) {
        return of(header, bytes, _ -> {});
    }

    /// As [#of(FragmentHeader, MemorySegment)], telling how far it is.
    ///
    /// @param reached told, every MiB or so, the offset up to which bytes were looked at
    public static FragmentScan of(FragmentHeader header, MemorySegment bytes,
            LongConsumer reached) {
        FragmentScan scan = new FragmentScan(header, bytes);
        scan.advance(Long.MAX_VALUE, reached);
        return scan;
    }

    /// A scan that has not started.
    ///
    /// @param bytes the whole fragment
    public FragmentScan(FragmentHeader header, MemorySegment bytes) {
        this.header = header;
        this.geometry = new FragmentGeometry(header.fileSizeBytes());
        this.bytes = bytes;
        this.reader = new EntryReader(bytes, header.generation(), geometry.footerStart());
        this.lastEntryCrc = header.predecessorLastCrc();
    }

    /// Goes on from the end found so far.
    ///
    /// @param lastId the last id to look at, for a fragment that is being written
    public void advance(long lastId) {
        advance(lastId, _ -> {});
    }

    private void advance(long lastId, LongConsumer reached) {
        long at = endOfData;
        long nextStep = at + STEP_BYTES;
        int crcBeforeBatch = lastEntryCrc;
        long countBeforeBatch = index.count();
        boolean inBatch = false;
        while (nextId() <= lastId) {
            EntryReader.Found found = reader.inspect(at, nextId());
            if (found == EntryReader.Found.GROUP) {
                noteTime(reader.groupTimestampNanos());
            } else if (found == EntryReader.Found.ENTRY || found == EntryReader.Found.LOST) {
                index.add(at);
                lastEntryCrc = reader.crc();
                inBatch = reader.batchContinues();
            } else {
                break;
            }
            at += reader.recordBytes();
            if (!inBatch) {
                endOfData = at;
                crcBeforeBatch = lastEntryCrc;
                countBeforeBatch = index.count();
            }
            if (at >= nextStep) {
                reached.accept(at);
                nextStep = at + STEP_BYTES;
            }
        }
        batchCut = inBatch;
        index.cutTo(countBeforeBatch);
        lastEntryCrc = crcBeforeBatch;
    }

    private void noteTime(long timestampNanos) {
        if (firstTimestampNanos == 0) {
            firstTimestampNanos = timestampNanos;
        }
        lastTimestampNanos = Math.max(lastTimestampNanos, timestampNanos);
    }

    /// Looks beyond the end for a valid group record of this fragment: its durable id says up to
    /// where entries were promised.
    ///
    /// @return the highest durable id that any such record tells, -1 where there is none
    public long durableIdProvenBeyondEnd() {
        long proven = -1;
        long last = geometry.footerStart() - GroupRecord.BYTES;
        for (long at = endOfData; at <= last; at += GroupRecord.ALIGNMENT) {
            if (reader.isGroupAt(at)) {
                proven = Math.max(proven, reader.group().durableId());
            }
        }
        return proven;
    }

    public EntryIndex index() {
        return index;
    }

    /// Where the first byte that does not count lies.
    public long endOfData() {
        return endOfData;
    }

    /// The id that is expected at the end.
    public long nextId() {
        return header.firstId() + index.count();
    }

    public int lastEntryCrc() {
        return lastEntryCrc;
    }

    public long firstTimestampNanos() {
        return firstTimestampNanos;
    }

    public long lastTimestampNanos() {
        return lastTimestampNanos;
    }

    /// True where the end lies in front of an atomic batch that is not whole.
    public boolean cutsBatch() {
        return batchCut;
    }
}

package io.duramen.wal.fragment;

import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.EntryWriter;
import io.duramen.wal.format.GroupRecord;
import io.duramen.wal.memory.BufferLease;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The group that entries are being added to: encoded at once, in a leased buffer, as they will lie
/// in the file. Begun by [FragmentWriter#beginGroup(BufferLease)]; belongs to the writer's thread.
public final class OpenGroup {
    private final FragmentWriter writer;
    private final BufferLease lease;
    private final MemorySegment buffer;
    private final EntryWriter entries;
    private final long fileOffset;
    private final long firstId;
    private long sizeBytes = GroupRecord.BYTES;
    private int entryCount;
    private boolean closed;

    OpenGroup(FragmentWriter writer, BufferLease lease, long fileOffset) {
        this.writer = writer;
        this.lease = lease;
        this.buffer = lease.memory();
        this.entries = new EntryWriter(buffer, writer.header().generation());
        this.fileOffset = fileOffset;
        this.firstId = writer.nextId();
    }

    /// Bytes a buffer needs for a group of one entry of this size.
    public static long bufferBytesFor(long payloadBytes) {
        return GroupRecord.BYTES + EntryHeader.entryBytes(payloadBytes);
    }

    /// Bytes a buffer needs for a group of these entries.
    public static long bufferBytesFor(List<Payload> payloads) {
        long bytes = GroupRecord.BYTES;
        for (Payload payload : payloads) {
            bytes += EntryHeader.entryBytes(payload.sizeBytes());
        }
        return bytes;
    }

    /// Bytes of a buffer's start that hold the record in front of the first entry's payload.
    public static long firstPayloadOffset() {
        return EntryWriter.payloadOffset(GroupRecord.BYTES);
    }

    /// True where the buffer has room for one more entry of this size.
    public boolean fits(long payloadBytes) {
        return sizeBytes + EntryHeader.entryBytes(payloadBytes) <= buffer.byteSize();
    }

    /// Adds an entry.
    ///
    /// @param batchContinues true where the next entry belongs to the same atomic batch
    /// @return its id
    public long add(Payload payload, boolean batchContinues) {
        int payloadBytes = payload.sizeBytes();
        assert fits(payloadBytes);
        payload.copyTo(buffer, EntryWriter.payloadOffset(sizeBytes));
        return addInPlace(payloadBytes, batchContinues);
    }

    /// Adds an entry whose payload lies in the buffer already, where it belongs.
    public long addInPlace(int payloadBytes, boolean batchContinues) {
        assert !closed;
        int crc = entries.finishEntry(sizeBytes, writer.nextId(), payloadBytes, batchContinues);
        long id = writer.added(fileOffset + sizeBytes, crc);
        sizeBytes += EntryHeader.entryBytes(payloadBytes);
        entryCount++;
        return id;
    }

    /// Closes the group: nothing is added any more, its record is complete.
    ///
    /// @param durableId highest id known to be on the device
    /// @return the bytes to write at [#fileOffset()]
    public MemorySegment close(long durableId, long nowNanos) {
        assert !closed;
        closed = true;
        long timestampNanos = writer.closed(this, nowNanos);
        entries.writeGroupRecord(0,
                new GroupRecord(entryCount, firstId, durableId, timestampNanos, sizeBytes));
        return buffer.asSlice(0, sizeBytes);
    }

    /// True where the group is being encoded in this buffer.
    public boolean isIn(BufferLease buffer) {
        return lease == buffer;
    }

    public long firstId() {
        return firstId;
    }

    /// Id of the last entry added so far; `firstId() - 1` while there is none.
    public long lastId() {
        return firstId + entryCount - 1;
    }

    public int entryCount() {
        return entryCount;
    }

    public long fileOffset() {
        return fileOffset;
    }

    /// Bytes encoded so far, the group's record included.
    public long sizeBytes() {
        return sizeBytes;
    }

    /// Ends a group without entries as if it had not been begun, and gives the buffer back.
    public void abandon() {
        assert !closed;
        assert entryCount == 0;
        closed = true;
        writer.abandoned(this);
        release();
    }

    /// Gives the buffer back; the encoded bytes are gone then.
    public void release() {
        lease.close();
    }
}

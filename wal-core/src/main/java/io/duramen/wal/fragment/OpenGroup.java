package io.duramen.wal.fragment;

import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.EntryWriter;
import io.duramen.wal.format.GroupRecord;
import io.duramen.wal.memory.BufferLease;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The group that entries are being added to: encoded at once, as they will lie in the file, in a
/// [GroupMemory]. Begun by [FragmentWriter#beginGroup(GroupMemory)]; belongs to the writer's
/// thread.
public final class OpenGroup {
    private final FragmentWriter writer;
    private final GroupMemory memory;
    private final MemorySegment bytes;
    private final EntryWriter entries;
    private final long fileOffset;
    private final long firstId;
    private long sizeBytes = GroupRecord.BYTES;
    private int entryCount;
    private long recordHeader;
    private boolean closed;

    OpenGroup(FragmentWriter writer, GroupMemory memory, long fileOffset) {
        this.writer = writer;
        this.memory = memory;
        this.bytes = memory.bytes();
        this.entries = new EntryWriter(bytes, writer.header().generation());
        this.fileOffset = fileOffset;
        this.firstId = writer.nextId();
    }

    /// Bytes of a group whose entries take so many.
    public static long bytesFor(long entriesBytes) {
        return GroupRecord.BYTES + entriesBytes;
    }

    /// Bytes these entries take.
    public static long entriesBytes(List<Payload> payloads) {
        long bytes = 0;
        for (Payload payload : payloads) {
            bytes += payload.entryBytes();
        }
        return bytes;
    }

    /// Bytes from a group's start to its first entry's payload.
    public static long firstPayloadOffset() {
        return EntryWriter.payloadOffset(GroupRecord.BYTES);
    }

    /// True where the memory has room for entries that take so many bytes more.
    public boolean fits(long entriesBytes) {
        return sizeBytes + entriesBytes <= bytes.byteSize();
    }

    /// Adds an entry; a payload that its owner cannot copy leaves no trace.
    ///
    /// @param batchContinues true where the next entry belongs to the same atomic batch
    /// @return its id
    public long add(Payload payload, boolean batchContinues) {
        int payloadBytes = payload.sizeBytes();
        assert fits(EntryHeader.entryBytes(payloadBytes));
        try {
            payload.copyTo(bytes, EntryWriter.payloadOffset(sizeBytes));
        } catch (RuntimeException | Error unreadable) {
            bytes.asSlice(sizeBytes, EntryHeader.entryBytes(payloadBytes)).fill((byte) 0);
            throw unreadable;
        }
        return addInPlace(payloadBytes, batchContinues);
    }

    /// Adds the entries of an atomic batch. All are copied before the first counts: where a payload
    /// cannot be copied, none of them leaves a trace.
    ///
    /// @return the first one's id
    public long addBatch(List<Payload> payloads) {
        assert fits(entriesBytes(payloads));
        long at = sizeBytes;
        try {
            for (Payload payload : payloads) {
                payload.copyTo(bytes, EntryWriter.payloadOffset(at));
                at += EntryHeader.entryBytes(payload.sizeBytes());
            }
        } catch (RuntimeException | Error unreadable) {
            bytes.asSlice(sizeBytes, entriesBytes(payloads)).fill((byte) 0);
            throw unreadable;
        }
        long first = writer.nextId();
        for (int i = 0; i < payloads.size(); i++) {
            addInPlace(payloads.get(i).sizeBytes(), i + 1 < payloads.size());
        }
        return first;
    }

    /// Adds an entry whose payload lies in the memory already, where it belongs.
    ///
    /// @param batchContinues true where the next entry belongs to the same atomic batch
    public long addInPlace(int payloadBytes, boolean batchContinues) {
        assert !closed;
        int crc = entries.finishEntry(sizeBytes, writer.nextId(), payloadBytes, batchContinues);
        long id = writer.added(fileOffset + sizeBytes, crc);
        sizeBytes += EntryHeader.entryBytes(payloadBytes);
        entryCount++;
        return id;
    }

    /// Closes the group: nothing is added any more. Where it is encoded in the file itself it is
    /// not there yet, but for its entries' bytes: [#publish()] comes last.
    ///
    /// @param durableId highest id known to be on the device
    public void close(long durableId, long nowNanos) {
        assert !closed;
        closed = true;
        long timestampNanos = writer.closed(this, nowNanos);
        recordHeader = entries.prepareGroupRecord(0,
                new GroupRecord(entryCount, firstId, durableId, timestampNanos, sizeBytes));
        if (!memory.isInPlace()) {
            publish();
        }
        memory.complete(sizeBytes);
    }

    /// True where the group is being encoded in the file itself.
    public boolean isInPlace() {
        return memory.isInPlace();
    }

    /// Stores the header of the group's record. In the file itself this is what puts the group
    /// there: all groups in front of it are there already.
    public void publish() {
        assert closed;
        entries.publish(0, recordHeader);
    }

    /// What is to be written of a closed group that is not in place.
    public GroupMemory.Piece piece() {
        assert closed;
        return memory.piece(fileOffset, sizeBytes);
    }

    /// True where the group is being encoded in this buffer.
    public boolean isIn(BufferLease buffer) {
        return memory.isIn(buffer);
    }

    /// True where the group starts where its buffer does, so that the first payload of a buffer
    /// claimed for it lies where it belongs.
    public boolean isAtBufferStart() {
        return memory.isAtBufferStart();
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

    /// Ends a group without entries as if it had not been begun, and gives the memory back.
    public void abandon() {
        assert !closed;
        assert entryCount == 0;
        closed = true;
        writer.abandoned(this);
        release();
    }

    /// Gives the memory back; a buffer's bytes are gone then.
    public void release() {
        memory.release();
    }
}

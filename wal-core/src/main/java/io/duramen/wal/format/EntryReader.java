package io.duramen.wal.format;

import java.lang.foreign.MemorySegment;

/// Decodes and checks what lies at an offset of a fragment's data area. Looks, but does not move:
/// the caller owns the position and the expected id.
///
/// After [#inspect(long, long)] has answered `ENTRY`, `LOST` or `GROUP`, the other methods speak of
/// that record until the next call. Belongs to one thread at a time.
public final class EntryReader {
    /// What lies at an offset.
    public enum Found {
        /// A valid entry with the expected id.
        ENTRY,
        /// A valid mark in the place of the expected entry: it was lost, and a repair says so.
        LOST,
        /// A valid group record that expects the same id next.
        GROUP,
        /// Eight zero bytes, or the end of the data area: nothing was written here.
        FREE,
        /// Something else.
        INVALID
    }

    private final MemorySegment bytes;
    private final long generation;
    private final long limit;
    private final ByteWindows windows;
    private final EntryChecksum checksum = new EntryChecksum();
    private long offset;
    private long header;

    /// @param bytes the fragment from its first byte on
    /// @param generation the fragment's
    /// @param limit where the data area ends at the latest
    public EntryReader(MemorySegment bytes, long generation, long limit) {
        this.bytes = bytes;
        this.generation = generation;
        this.limit = limit;
        this.windows = new ByteWindows(bytes);
    }

    public Found inspect(long atOffset, long expectedId) {
        offset = atOffset;
        if (limit - atOffset < EntryHeader.BYTES) {
            return Found.FREE;
        }
        header = EntryHeader.read(bytes, atOffset);
        if (header == 0) {
            return Found.FREE;
        }
        if (limit - atOffset < recordBytes()) {
            return Found.INVALID;
        }
        if (EntryHeader.isControl(header)) {
            return inspectControl(expectedId);
        }
        return checksumIsOf(expectedId) ? Found.ENTRY : Found.INVALID;
    }

    private Found inspectControl(long expectedId) {
        if (EntryHeader.isLost(header)) {
            return checksumIsOf(expectedId) ? Found.LOST : Found.INVALID;
        }
        boolean valid = isValidGroup() && GroupRecord.firstId(bytes, offset) == expectedId;
        return valid ? Found.GROUP : Found.INVALID;
    }

    /// True where a valid group record of this fragment lies at `atOffset`, whatever id it expects.
    public boolean isGroupAt(long atOffset) {
        offset = atOffset;
        if (limit - atOffset < GroupRecord.BYTES) {
            return false;
        }
        header = EntryHeader.read(bytes, atOffset);
        return isValidGroup();
    }

    private boolean isValidGroup() {
        return GroupRecord.isHeader(header) && GroupRecord.isKind(bytes, offset)
                && checksumIsOf(GroupRecord.firstId(bytes, offset));
    }

    private boolean checksumIsOf(long entryId) {
        int expected = checksum.of(generation, entryId, EntryHeader.sizeWord(header),
                windows.at(payloadOffset(), payloadBytes()));
        return EntryHeader.crc(header) == expected;
    }

    public long payloadOffset() {
        return offset + EntryHeader.BYTES;
    }

    public int payloadBytes() {
        return EntryHeader.payloadBytes(header);
    }

    /// The whole record: header, payload and padding.
    public long recordBytes() {
        return EntryHeader.entryBytes(payloadBytes());
    }

    /// The size of the record at an offset, as its header says, unchecked.
    public long recordBytesAt(long atOffset) {
        return EntryHeader.entryBytes(EntryHeader.payloadBytes(EntryHeader.read(bytes, atOffset)));
    }

    public boolean batchContinues() {
        return EntryHeader.batchContinues(header);
    }

    public int crc() {
        return EntryHeader.crc(header);
    }

    public GroupRecord group() {
        return GroupRecord.readFrom(bytes, offset);
    }

    /// The group's time, without an object for the whole record.
    public long groupTimestampNanos() {
        return GroupRecord.timestampNanos(bytes, offset);
    }
}

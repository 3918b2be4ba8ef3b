package io.duramen.wal.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Encodes entries and group records into memory that is a piece of a fragment to be.
///
/// Belongs to one thread at a time.
public final class EntryWriter {
    /// The largest mark of a lost entry, in bytes.
    public static final long LOST_BYTES_MAX = 1L << 30;

    private final MemorySegment bytes;
    private final long generation;
    private final ByteWindows windows;
    private final EntryChecksum checksum = new EntryChecksum();

    /// @param bytes where to encode, its address a multiple of 8
    /// @param generation of the fragment the bytes will be written to
    public EntryWriter(MemorySegment bytes, long generation) {
        this.bytes = bytes;
        this.generation = generation;
        this.windows = new ByteWindows(bytes);
    }

    /// Where the payload of an entry that starts at `offset` belongs.
    public static long payloadOffset(long offset) {
        return offset + EntryHeader.BYTES;
    }

    /// Completes the entry at `offset` whose payload is in place: zeroes the padding, and publishes
    /// the header last.
    ///
    /// @return the checksum
    public int finishEntry(long offset, long entryId, int payloadBytes, boolean batchContinues) {
        long payload = payloadOffset(offset);
        long end = offset + EntryHeader.entryBytes(payloadBytes);
        for (long at = payload + payloadBytes; at < end; at++) {
            bytes.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
        }
        int sizeWord = EntryHeader.sizeWord(payloadBytes, batchContinues);
        int crc = crc(offset, entryId, sizeWord, payloadBytes);
        publish(offset, EntryHeader.pack(sizeWord, crc));
        return crc;
    }

    /// Writes the mark of a lost entry over all of `[offset, offset + recordBytes)`.
    ///
    /// @param recordBytes a multiple of 8 from 8 to [#LOST_BYTES_MAX]
    /// @return the checksum
    public int markLost(long offset, long entryId, long recordBytes) {
        int payloadBytes = (int) (recordBytes - EntryHeader.BYTES);
        bytes.asSlice(payloadOffset(offset), payloadBytes).fill((byte) 0);
        int sizeWord = EntryHeader.lostSizeWord(payloadBytes);
        int crc = crc(offset, entryId, sizeWord, payloadBytes);
        publish(offset, EntryHeader.pack(sizeWord, crc));
        return crc;
    }

    public void writeGroupRecord(long offset, GroupRecord group) {
        publish(offset, prepareGroupRecord(offset, group));
    }

    /// Writes a group's record, but for its header.
    ///
    /// @return the header, for [#publish(long, long)]
    public long prepareGroupRecord(long offset, GroupRecord group) {
        group.writeTo(bytes, offset);
        int sizeWord = GroupRecord.sizeWord();
        return EntryHeader.pack(sizeWord,
                crc(offset, group.firstId(), sizeWord, GroupRecord.payloadBytes()));
    }

    /// Stores a header: with it the record at `offset`, and a group behind it, is there.
    public void publish(long offset, long header) {
        EntryHeader.publish(bytes, offset, header);
    }

    private int crc(long offset, long entryId, int sizeWord, int payloadBytes) {
        return checksum.of(generation, entryId, sizeWord,
                windows.at(payloadOffset(offset), payloadBytes));
    }
}

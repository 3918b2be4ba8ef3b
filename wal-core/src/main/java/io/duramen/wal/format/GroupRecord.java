package io.duramen.wal.format;

import static io.duramen.wal.format.Layouts.U32;
import static io.duramen.wal.format.Layouts.U64;

import java.lang.foreign.MemorySegment;

/// The control record in front of every group of entries. Offsets are those of its payload, which
/// follows an ordinary entry header with the control bit; the checksum takes `firstId` as entry id.
///
/// ```
///  0      4             8          16           24               32            40
///  +------+-------------+----------+------------+----------------+-------------+
///  | kind | entry count | first id | durable id | timestamp (ns) | group bytes |
///  +------+-------------+----------+------------+----------------+-------------+
/// ```
///
/// @param entryCount entries in the group; 0 in the record that a clean close leaves
/// @param firstId id of the group's first entry, or the next id where it has none
/// @param durableId highest id that was on the device before this group was written, -1 for none:
///     it proves that entries up to it were promised, so that their loss is damage and not a torn
///     tail
/// @param timestampNanos when the group was closed, in nanoseconds since 1970-01-01T00:00Z; never
///     less than that of the group before
/// @param groupBytes this record and the group's entries together
public record GroupRecord(int entryCount, long firstId, long durableId, long timestampNanos,
        long groupBytes) {
    /// Bytes the record takes in the file, header included.
    public static final int BYTES = EntryHeader.BYTES + 40;
    /// Records start at multiples of this.
    public static final int ALIGNMENT = EntryHeader.ALIGNMENT;

    private static final int PAYLOAD_BYTES = BYTES - EntryHeader.BYTES;
    private static final int SIZE_WORD = EntryHeader.controlSizeWord(PAYLOAD_BYTES);
    /// The only kind of control record in version 1.
    private static final int KIND_GROUP = 1;

    private static final int KIND_AT = EntryHeader.BYTES;
    private static final int COUNT_AT = KIND_AT + 4;
    private static final int FIRST_ID_AT = COUNT_AT + 4;
    private static final int DURABLE_ID_AT = FIRST_ID_AT + 8;
    private static final int TIMESTAMP_AT = DURABLE_ID_AT + 8;
    private static final int GROUP_BYTES_AT = TIMESTAMP_AT + 8;

    /// True where a header says that a record of this kind may follow; [EntryReader] tells whether
    /// it does.
    static boolean isHeader(long header) {
        return EntryHeader.sizeWord(header) == SIZE_WORD;
    }

    static boolean isKind(MemorySegment bytes, long offset) {
        return bytes.get(U32, offset + KIND_AT) == KIND_GROUP;
    }

    static int payloadBytes() {
        return PAYLOAD_BYTES;
    }

    static int sizeWord() {
        return SIZE_WORD;
    }

    /// The fields at `offset`, unchecked.
    static GroupRecord readFrom(MemorySegment bytes, long offset) {
        return new GroupRecord(bytes.get(U32, offset + COUNT_AT),
                bytes.get(U64, offset + FIRST_ID_AT),
                bytes.get(U64, offset + DURABLE_ID_AT), bytes.get(U64, offset + TIMESTAMP_AT),
                bytes.get(U64, offset + GROUP_BYTES_AT));
    }

    static long firstId(MemorySegment bytes, long offset) {
        return bytes.get(U64, offset + FIRST_ID_AT);
    }

    static long timestampNanos(MemorySegment bytes, long offset) {
        return bytes.get(U64, offset + TIMESTAMP_AT);
    }

    /// Writes the fields; the header in front is published by the caller.
    void writeTo(MemorySegment bytes, long offset) {
        bytes.set(U32, offset + KIND_AT, KIND_GROUP);
        bytes.set(U32, offset + COUNT_AT, entryCount);
        bytes.set(U64, offset + FIRST_ID_AT, firstId);
        bytes.set(U64, offset + DURABLE_ID_AT, durableId);
        bytes.set(U64, offset + TIMESTAMP_AT, timestampNanos);
        bytes.set(U64, offset + GROUP_BYTES_AT, groupBytes);
    }
}

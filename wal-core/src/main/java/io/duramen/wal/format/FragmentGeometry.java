package io.duramen.wal.format;

/// Where the areas of a fragment lie, and how much fits.
///
/// ```
/// 0        4096                end of data          index start      size-4096   size
/// +--------+--------------------+- - - - - - - - - -+----------------+-----------+
/// | header | data, grows up     | free              | index, grows   | footer    |
/// |        |                    |                   | down           |           |
/// +--------+--------------------+- - - - - - - - - -+----------------+-----------+
/// ```
///
/// The index holds a u32 for each entry: its offset / 8. The first entry's word has the highest
/// address. Beyond what entries take, room for one more group record is kept, for the one a clean
/// close leaves.
///
/// @param fileSizeBytes the whole file, a multiple of 4096
public record FragmentGeometry(long fileSizeBytes) {
    /// Where the first record starts.
    public static final long DATA_START = FragmentHeader.BYTES;
    public static final int BLOCK_BYTES = 4096;
    /// Header, footer, and one block between them.
    public static final long FILE_BYTES_MIN =
            FragmentHeader.BYTES + FragmentFooter.BYTES + BLOCK_BYTES;
    /// As far as an index word reaches: 32 GiB.
    public static final long FILE_BYTES_MAX = 32L << 30;

    public static final int INDEX_WORD_BYTES = 4;

    public FragmentGeometry {
        if (!isFileSize(fileSizeBytes)) {
            throw new IllegalArgumentException("a fragment of " + fileSizeBytes
                    + " bytes: the size must be a multiple of " + BLOCK_BYTES + " from "
                    + FILE_BYTES_MIN + " to " + FILE_BYTES_MAX);
        }
    }

    /// True where a fragment may have this size.
    public static boolean isFileSize(long sizeBytes) {
        return sizeBytes % BLOCK_BYTES == 0 && sizeBytes >= FILE_BYTES_MIN
                && sizeBytes <= FILE_BYTES_MAX;
    }

    public long footerStart() {
        return fileSizeBytes - FragmentFooter.BYTES;
    }

    /// Where the index of this many entries starts.
    public long indexStart(long entryCount) {
        return footerStart() - entryCount * INDEX_WORD_BYTES;
    }

    /// True where data may end at `endOfData` with this many entries in all.
    public boolean holds(long endOfData, long entryCount) {
        return endOfData + GroupRecord.BYTES <= indexStart(entryCount);
    }

    /// The largest payload that an empty fragment takes.
    public int largestPayloadBytes() {
        long room = indexStart(1) - 2L * GroupRecord.BYTES - EntryHeader.BYTES - DATA_START;
        return (int) Math.min(EntryHeader.PAYLOAD_BYTES_MAX, room & -EntryHeader.ALIGNMENT);
    }
}

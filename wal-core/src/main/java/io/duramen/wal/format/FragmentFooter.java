package io.duramen.wal.format;

import static io.duramen.wal.format.Layouts.U32;
import static io.duramen.wal.format.Layouts.U64;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// The last 4 KiB of a sealed fragment. Written after data and index are on the device, so a valid
/// footer vouches for both.
///
/// ```
///    0  magic "DURAFOOT"              8 bytes
///    8  format version                u32
///   12  zero                          u32
///   16  generation                    u64
///   24  entry count                   u64
///   32  first entry id                u64
///   40  last entry id                 u64
///   48  end of data                   u64, offset in bytes
///   56  crc32c of the index area      u32, in file order
///   60  crc of the last entry         u32
///   64  first group's timestamp       u64, ns since 1970
///   72  last group's timestamp        u64, ns since 1970
///   80  zeros
/// 4092  crc32c of bytes 0 to 4091     u32
/// ```
public record FragmentFooter(long generation, long entryCount, long firstId, long lastId,
        long endOfData,
        int indexCrc, int lastEntryCrc, long firstTimestampNanos, long lastTimestampNanos) {
    public static final int BYTES = PageChecksum.PAGE_BYTES;

    private static final long MAGIC = FragmentHeader.magic("DURAFOOT");

    public void writeTo(MemorySegment page) {
        page.asSlice(0, BYTES).fill((byte) 0);
        page.set(U64, 0, MAGIC);
        page.set(U32, 8, FormatVersion.CURRENT);
        page.set(U64, 16, generation);
        page.set(U64, 24, entryCount);
        page.set(U64, 32, firstId);
        page.set(U64, 40, lastId);
        page.set(U64, 48, endOfData);
        page.set(U32, 56, indexCrc);
        page.set(U32, 60, lastEntryCrc);
        page.set(U64, 64, firstTimestampNanos);
        page.set(U64, 72, lastTimestampNanos);
        PageChecksum.seal(page.asSlice(0, BYTES));
    }

    /// The footer of the fragment with this header, or empty where it has none: never written,
    /// torn, damaged, or left over from the file's life before.
    public static Optional<FragmentFooter> readFrom(MemorySegment page, FragmentHeader header) {
        return readAlone(page).filter(footer -> footer.belongsTo(header));
    }

    /// A whole footer, of whichever fragment: for who looks at damage.
    public static Optional<FragmentFooter> readAlone(MemorySegment page) {
        return isWhole(page) ? Optional.of(readUnchecked(page)) : Optional.empty();
    }

    /// True where a footer starts, whatever follows.
    public static boolean isMeant(MemorySegment page) {
        return page.get(U64, 0) == MAGIC;
    }

    private static boolean isWhole(MemorySegment page) {
        return isMeant(page) && page.get(U32, 8) == FormatVersion.CURRENT
                && PageChecksum.holds(page.asSlice(0, BYTES));
    }

    /// The fields as they lie there, for who looks at damage.
    public static FragmentFooter readUnchecked(MemorySegment page) {
        return new FragmentFooter(page.get(U64, 16), page.get(U64, 24), page.get(U64, 32),
                page.get(U64, 40), page.get(U64, 48), page.get(U32, 56), page.get(U32, 60),
                page.get(U64, 64), page.get(U64, 72));
    }

    private boolean belongsTo(FragmentHeader header) {
        return generation == header.generation() && firstId == header.firstId()
                && lastId - firstId + 1 == entryCount;
    }
}

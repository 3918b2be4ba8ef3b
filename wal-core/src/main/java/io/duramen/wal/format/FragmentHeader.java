package io.duramen.wal.format;

import static io.duramen.wal.format.Layouts.U32;
import static io.duramen.wal.format.Layouts.U64;

import io.duramen.wal.WalException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The first 4 KiB of a fragment. Written once, before the file gets its name.
///
/// ```
///    0  magic "DURAFRAG"              8 bytes
///    8  format version                u32
///   12  block size in bytes           u32
///   16  log id hash                   u64
///   24  generation                    u64
///   32  first entry id                u64
///   40  file size in bytes            u64
///   48  writer epoch                  u64
///   56  creation time                 u64, ns since 1970
///   64  predecessor's last entry id   u64, -1 for none
///   72  predecessor's last entry crc  u32, 0 for none
///   76  zeros
/// 4092  crc32c of bytes 0 to 4091     u32
/// ```
///
/// @param logIdHash [FragmentHeader#hashOf(String)] of the log's id: a file moved into another log
///     is noticed
/// @param generation random, new for every fragment, also when a file is used again; part of every
///     entry's checksum
/// @param predecessorLastId the id before this fragment's first, as promised by the fragment before
/// @param predecessorLastCrc that entry's checksum: a swapped predecessor is noticed
public record FragmentHeader(long logIdHash, long generation, long firstId, long fileSizeBytes,
        int blockBytes,
        long writerEpoch, long createdNanos, long predecessorLastId, int predecessorLastCrc) {
    /// Where the generation lies.
    public static final int GENERATION_AT = 24;

    public static final int BYTES = PageChecksum.PAGE_BYTES;

    private static final long MAGIC = magic("DURAFRAG");
    private static final int FILE_SIZE_AT = 40;

    static long magic(String ascii) {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        return MemorySegment.ofArray(bytes).get(Layouts.U64.withByteAlignment(1), 0);
    }

    /// FNV-1a, 64 bit, of the id's characters, which are ASCII.
    public static long hashOf(String logId) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < logId.length(); i++) {
            hash = (hash ^ logId.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    public void writeTo(MemorySegment page) {
        page.asSlice(0, BYTES).fill((byte) 0);
        page.set(U64, 0, MAGIC);
        page.set(U32, 8, FormatVersion.CURRENT);
        page.set(U32, 12, blockBytes);
        page.set(U64, 16, logIdHash);
        page.set(U64, GENERATION_AT, generation);
        page.set(U64, 32, firstId);
        page.set(U64, FILE_SIZE_AT, fileSizeBytes);
        page.set(U64, 48, writerEpoch);
        page.set(U64, 56, createdNanos);
        page.set(U64, 64, predecessorLastId);
        page.set(U32, 72, predecessorLastCrc);
        PageChecksum.seal(page.asSlice(0, BYTES));
    }

    /// Reads and checks a header.
    ///
    /// @param page the file's first 4 KiB
    /// @param file named in errors
    /// @throws WalException.Incompatible when a newer version wrote it
    /// @throws WalException.Corrupt when it is no header, or damaged
    public static FragmentHeader readFrom(MemorySegment page, Path file) {
        if (page.get(U64, 0) != MAGIC) {
            throw new WalException.Corrupt(file, 0, -1, "it does not start as a fragment does");
        }
        FormatVersion.check(page, file);
        if (!PageChecksum.holds(page.asSlice(0, BYTES))) {
            throw new WalException.Corrupt(file, 0, -1,
                    "the checksum of its header does not match");
        }
        long sizeBytes = page.get(U64, FILE_SIZE_AT);
        if (!FragmentGeometry.isFileSize(sizeBytes)) {
            throw new WalException.Corrupt(file, FILE_SIZE_AT, -1,
                    "its header says it has " + sizeBytes + " bytes, which no fragment has");
        }
        return readUnchecked(page);
    }

    /// The generation alone, unchecked.
    public static long generationOf(MemorySegment page) {
        return page.get(U64, GENERATION_AT);
    }

    /// The fields as they lie there, for who looks at damage.
    public static FragmentHeader readUnchecked(MemorySegment page) {
        return new FragmentHeader(page.get(U64, 16), page.get(U64, GENERATION_AT),
                page.get(U64, 32),
                page.get(U64, FILE_SIZE_AT),
                page.get(U32, 12), page.get(U64, 48), page.get(U64, 56), page.get(U64, 64),
                page.get(U32, 72));
    }
}

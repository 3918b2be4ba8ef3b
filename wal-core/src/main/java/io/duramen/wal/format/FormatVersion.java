package io.duramen.wal.format;

import static io.duramen.wal.format.Layouts.U32;

import io.duramen.wal.WalException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// Versions of the file format that this software reads and writes.
public final class FormatVersion {
    /// The version written, and the newest one read.
    public static final int CURRENT = 1;

    private static final int AT = 8;

    private FormatVersion() {
    }

    /// A page whose checksum holds once the version is ours is damaged in this field, and not
    /// newer.
    ///
    /// @param page the file's first 4 KiB
    /// @throws WalException.Incompatible when the file is newer
    static void check(MemorySegment page, Path file) {
        int found = page.get(U32, AT);
        if (found == 0) {
            throw new WalException.Corrupt(file, AT, -1, "its format version is 0");
        }
        if (Integer.compareUnsigned(found, CURRENT) <= 0) {
            return;
        }
        if (PageChecksum.holdsWith(page, AT, CURRENT)) {
            throw new WalException.Corrupt(file, AT, -1,
                    "its format version was " + CURRENT + " and is " + found);
        }
        throw new WalException.Incompatible(file, found, CURRENT);
    }
}

package io.duramen.wal.format;

import io.duramen.wal.WalException;
import java.nio.file.Path;

/// Versions of the file format that this software reads and writes.
public final class FormatVersion {
    /// The version written, and the newest one read.
    public static final int CURRENT = 1;

    private FormatVersion() {
    }

    /// @throws WalException.Incompatible when the file is newer
    static void check(int found, Path file) {
        if (Integer.compareUnsigned(found, CURRENT) > 0) {
            throw new WalException.Incompatible(file, found, CURRENT);
        }
        if (found == 0) {
            throw new WalException.Corrupt(file, 8, -1, "its format version is 0");
        }
    }
}

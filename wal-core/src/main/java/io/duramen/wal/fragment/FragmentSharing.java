package io.duramen.wal.fragment;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import java.nio.file.Path;

/// Keeps the files of trimmed fragments from being written to while anybody, in this process or in
/// another, still reads them.
///
/// A reader shares the fragment's file for as long as it has it open or mapped. Who wants to use
/// the file again first takes its name away, then asks whether somebody shares it; who comes later
/// finds the name gone. A file that is merely deleted needs no such care, its bytes stay until the
/// last reader lets go.
public final class FragmentSharing {
    private static final int ENOENT = 2;

    private FragmentSharing() {
    }

    /// Opens a fragment's file for reading. Its bytes stay as they are until the file is closed,
    /// whatever is trimmed meanwhile, but for those that its writer adds.
    ///
    /// @throws WalException.Io with ENOENT where the fragment is not there, or not any more
    public static IoFile open(Disk disk, Path path) {
        IoFile file = disk.open(path, Disk.Access.READ_ONLY);
        try {
            file.share();
            if (!disk.exists(path)) {
                throw new WalException.Io("open", path, ENOENT, "the log has just trimmed it");
            }
            return file;
        } catch (RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    /// True where the failure says that a fragment is not there.
    public static boolean isGone(WalException failure) {
        return failure instanceof WalException.Io io && io.errno() == ENOENT;
    }
}

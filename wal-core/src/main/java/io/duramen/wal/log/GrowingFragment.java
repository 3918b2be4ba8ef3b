package io.duramen.wal.log;

import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.fragment.FragmentSharing;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/// A fragment that someone else writes, followed by scanning what is added to it.
record GrowingFragment(Fragment fragment, IoFile file, Arena mapping, FragmentScan scan) {
    static GrowingFragment open(Disk disk, Path path, FragmentHeader header) {
        IoFile file = FragmentSharing.open(disk, path);
        Arena mapping = Arena.ofShared();
        try {
            FragmentScan scan = new FragmentScan(header,
                    file.map(IoFile.Mapping.READ_ONLY, 0, header.fileSizeBytes(), mapping));
            return new GrowingFragment(Fragment.growing(disk, path, header, scan.index()), file,
                    mapping, scan);
        } catch (RuntimeException failure) {
            mapping.close();
            file.close();
            throw failure;
        }
    }

    void close() {
        mapping.close();
        file.close();
    }
}

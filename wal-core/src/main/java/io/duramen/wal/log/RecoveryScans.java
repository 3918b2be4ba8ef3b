package io.duramen.wal.log;

import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.io.IoFile;
import java.lang.foreign.Arena;
import java.util.List;

/// Scans the fragments without footer that a recovery finds, and tells how far that is.
final class RecoveryScans {
    private static final int CALLS_MAX = 100;

    private final RecoveryProgress progress;
    private final long totalBytes;
    private long passedBytes;
    private long toldBytes;
    private long scannedBytes;

    /// @param unsealed what is to be scanned
    RecoveryScans(RecoveryProgress progress, List<FragmentChain.Link> unsealed) {
        this.progress = progress;
        this.totalBytes =
                unsealed.stream().mapToLong(link -> link.header().fileSizeBytes()).sum();
        if (totalBytes > 0) {
            progress.scanned(0, totalBytes);
        }
    }

    /// As [FragmentChain#scan(IoFile, io.duramen.wal.format.FragmentHeader, Arena)].
    FragmentScan scan(IoFile file, FragmentChain.Link link, Arena arena) {
        FragmentScan scan = FragmentChain.scan(file, link.header(), arena, this::reached);
        reached(scan.endOfData());
        passedBytes += link.header().fileSizeBytes();
        scannedBytes += scan.endOfData();
        return scan;
    }

    private void reached(long offset) {
        long nowBytes = passedBytes + offset;
        if (nowBytes - toldBytes >= Math.max(1 << 20, totalBytes / CALLS_MAX)) {
            toldBytes = nowBytes;
            progress.scanned(nowBytes, totalBytes);
        }
    }

    /// Bytes of entries and group records that were found to be valid.
    long scannedBytes() {
        return scannedBytes;
    }
}

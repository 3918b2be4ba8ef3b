package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.io.IoFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

    /// Maps a fragment for as long as `arena` lives, and scans it.
    FragmentScan scan(IoFile file, FragmentChain.Link link, Arena arena) {
        long size = link.header().fileSizeBytes();
        MemorySegment bytes = file.map(IoFile.Mapping.READ_ONLY, 0, size, arena);
        try {
            FragmentScan scan = FragmentScan.of(link.header(), bytes, this::reached);
            reached(scan.endOfData());
            passedBytes += size;
            scannedBytes += scan.endOfData();
            return scan;
        } catch (InternalError fault) {
            throw new WalException.Io("read", file.path(), 0, fault.getMessage());
        }
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

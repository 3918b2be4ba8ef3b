package io.duramen.wal.log;

import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import java.lang.foreign.Arena;

/// The status page of a log that someone else may be writing, mapped read-only. A file that is too
/// short for a page, as a crash of the log's first writer leaves it, reads as a page that no writer
/// has filled.
final class StatusView implements AutoCloseable {
    private final LogDirectory directory;
    private final Arena mapping;
    private final IoFile file;
    private WriterStatus status;
    private boolean mapped;

    private StatusView(LogDirectory directory, Arena mapping, IoFile file) {
        this.directory = directory;
        this.mapping = mapping;
        this.file = file;
        this.status = new WriterStatus(mapping.allocate(WriterStatus.BYTES));
    }

    static StatusView open(LogDirectory directory) {
        IoFile file = directory.disk().open(directory.lockFile(), Disk.Access.READ_ONLY);
        Arena mapping = Arena.ofShared();
        return new StatusView(directory, mapping, file);
    }

    synchronized WriterStatus status() {
        if (!mapped && file.sizeBytes() >= WriterStatus.BYTES) {
            status = new WriterStatus(
                    file.map(IoFile.Mapping.READ_ONLY, 0, WriterStatus.BYTES, mapping));
            mapped = true;
        }
        return status;
    }

    /// The last entry that the log's writer has told to be durable, -1 where it has told of none.
    long durableId() {
        long logIdHash = FragmentHeader.hashOf(directory.logId().value());
        return status().isOf(logIdHash) ? status().durable() : -1;
    }

    /// How often the log was truncated.
    long truncations() {
        return status().truncations();
    }

    boolean isWriterAlive() {
        return directory.disk().isLocked(directory.lockFile());
    }

    @Override
    public void close() {
        mapping.close();
        file.close();
    }
}

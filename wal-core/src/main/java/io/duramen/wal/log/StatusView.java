package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import java.lang.foreign.Arena;

/// The status page of a log that someone else may be writing, mapped read-only.
final class StatusView implements AutoCloseable {
    private final LogDirectory directory;
    private final Arena mapping;
    private final IoFile file;
    private final WriterStatus status;

    private StatusView(LogDirectory directory, Arena mapping, IoFile file, WriterStatus status) {
        this.directory = directory;
        this.mapping = mapping;
        this.file = file;
        this.status = status;
    }

    static StatusView open(LogDirectory directory) {
        Arena mapping = Arena.ofShared();
        IoFile file = directory.disk().open(directory.lockFile(), Disk.Access.READ_ONLY);
        try {
            if (file.sizeBytes() < WriterStatus.BYTES) {
                throw new WalException.Corrupt(directory.lockFile(), file.sizeBytes(), -1,
                        "it was cut short");
            }
            WriterStatus status = new WriterStatus(
                    file.map(IoFile.Mapping.READ_ONLY, 0, WriterStatus.BYTES, mapping));
            return new StatusView(directory, mapping, file, status);
        } catch (RuntimeException failure) {
            mapping.close();
            file.close();
            throw failure;
        }
    }

    WriterStatus status() {
        return status;
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

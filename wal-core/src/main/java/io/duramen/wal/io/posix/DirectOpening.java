package io.duramen.wal.io.posix;

import io.duramen.wal.WalException;
import io.duramen.wal.io.DirectAlignment;
import io.duramen.wal.io.Disk.WriteSync;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.DirectIoStatus;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.FileCalls;
import io.duramen.wal.os.FileSystemType;
import java.nio.file.Path;

/// Opens files past the page cache, or says why that cannot be.
final class DirectOpening {
    private DirectOpening() {}

    static PosixFile open(Path file, WriteSync sync) {
        Descriptor descriptor = openDescriptor(file, sync);
        try {
            return new PosixFile(descriptor, alignment(descriptor));
        } catch (RuntimeException refused) {
            descriptor.close();
            throw refused;
        }
    }

    private static Descriptor openDescriptor(Path file, WriteSync sync) {
        int flags = FileCalls.O_RDWR | FileCalls.O_DIRECT | switch (sync) {
            case ON_REQUEST -> 0;
            case EACH_WRITE -> FileCalls.O_DSYNC;
        };
        try {
            return Descriptor.open(file, flags, 0);
        } catch (WalException.Io failed) {
            throw failed.errno() == Errno.EINVAL ? refusal(file) : failed;
        }
    }

    private static WalException refusal(Path file) {
        try (Descriptor buffered = Descriptor.open(file, FileCalls.O_RDONLY, 0)) {
            return unsupported(buffered, "it refuses to open it so");
        }
    }

    private static WalException.Unsupported unsupported(Descriptor descriptor, String why) {
        return new WalException.Unsupported("the file system of " + descriptor.path() + " ("
                + FileSystemType.of(descriptor).name() + ") does no direct I/O on it: " + why
                + "; use buffered I/O there, or another file system");
    }

    /// A file system may let a file be opened for direct I/O and then go through the page cache: so
    /// what it states counts.
    static DirectAlignment alignment(Descriptor descriptor) {
        DirectIoStatus status = DirectIoStatus.of(descriptor);
        if (status.isRefused()) {
            throw unsupported(descriptor, "it would go through the page cache");
        }
        return status.isStated()
                ? new DirectAlignment(status.memoryBytes(), status.offsetBytes())
                : DirectAlignment.UNSTATED;
    }
}

package io.duramen.wal.io.posix;

import io.duramen.wal.WalException;
import io.duramen.wal.io.DirectAlignment;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.FileCalls;
import io.duramen.wal.os.FileSystemSpace;
import io.duramen.wal.os.NameCalls;
import io.duramen.wal.os.Platform;
import io.duramen.wal.os.WholeFileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The machine's own file systems.
public final class PosixDisk implements Disk {
    // before the process's own mask
    private static final int FILE_MODE = 0666;
    private static final int DIRECTORY_MODE = 0777;

    /// @throws UnsupportedOperationException where the system calls it needs are not known
    public PosixDisk() {
        Platform.requireSupported();
    }

    @Override
    public IoFile open(Path file, Access access) {
        return new PosixFile(openExisting(file, access), DirectAlignment.NONE);
    }

    @Override
    public IoFile openDirect(Path file, WriteSync sync) {
        return DirectOpening.open(file, sync);
    }

    @Override
    public IoFile create(Path file) {
        int flags = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_EXCL;
        return new PosixFile(Descriptor.open(file, flags, FILE_MODE), DirectAlignment.NONE);
    }

    @Override
    public void createDirectory(Path directory) {
        long result = Errno.retrying(() -> NameCalls.mkdir(directory, DIRECTORY_MODE));
        if (result == -Errno.EEXIST && Files.isDirectory(directory)) {
            return;
        }
        Errno.check("mkdir", directory, result);
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public List<String> list(Path directory) {
        return DirectoryNames.of(directory);
    }

    @Override
    public void rename(Path from, Path to) {
        long result = Errno.retrying(
                () -> NameCalls.renameat2(from, to, NameCalls.RENAME_NOREPLACE));
        if (result == -Errno.EINVAL || result == -Errno.ENOSYS) {
            if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
                DirectoryNames.move(from, to);
                return;
            }
            result = linkThenUnlink(from, to);
        }
        if (result < 0) {
            int errno = (int) -result;
            throw new WalException.Io("rename", from, errno,
                    Errno.describe(errno) + ", the new name being " + to);
        }
    }

    /// For a file system that cannot refuse to replace a file. A crash in between leaves one file
    /// with both names, never none.
    static long linkThenUnlink(Path from, Path to) {
        long linked = Errno.retrying(() -> NameCalls.link(from, to));
        return linked < 0 ? linked : Errno.retrying(() -> NameCalls.unlink(from));
    }

    @Override
    public void delete(Path file) {
        Errno.check("unlink", file, Errno.retrying(() -> NameCalls.unlink(file)));
    }

    @Override
    public void syncDirectory(Path directory) {
        try (Descriptor descriptor = openDirectory(directory)) {
            descriptor.call("fsync", FileCalls::fsync);
        }
    }

    @Override
    public long usableBytes(Path directory) {
        try (Descriptor descriptor = openDirectory(directory)) {
            FileSystemSpace space = FileSystemSpace.of(descriptor);
            return space.hasLimit() ? space.usableBytes() : Long.MAX_VALUE;
        }
    }

    @Override
    public Optional<FileLock> tryLock(Path file) {
        Descriptor descriptor = openExisting(file, Access.READ_WRITE);
        boolean taken = false;
        try {
            taken = WholeFileLock.tryTake(descriptor);
        } finally {
            if (!taken) {
                descriptor.close();
            }
        }
        return taken ? Optional.of(new PosixFileLock(descriptor)) : Optional.empty();
    }

    @Override
    public boolean isLocked(Path file) {
        try (Descriptor descriptor = openExisting(file, Access.READ_ONLY)) {
            return WholeFileLock.isTakenElsewhere(descriptor);
        }
    }

    private static Descriptor openExisting(Path file, Access access) {
        return Descriptor.open(file, switch (access) {
            case READ_ONLY -> FileCalls.O_RDONLY;
            case READ_WRITE -> FileCalls.O_RDWR;
        }, 0);
    }

    private static Descriptor openDirectory(Path directory) {
        return Descriptor.open(directory, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY, 0);
    }
}

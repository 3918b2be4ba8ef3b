package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A disk that has no room for new files while a test says so, and tells of what it is to delete.
final class FillableDisk implements Disk {
    private static final int ENOSPC = 28;
    private final Disk real;
    private final AtomicInteger locksTaken = new AtomicInteger();
    private volatile boolean full;
    private volatile Consumer<Path> beforeDelete = _ -> {};

    FillableDisk(Disk real) {
        this.real = real;
    }

    int locksTaken() {
        return locksTaken.get();
    }

    void setFull(boolean value) {
        full = value;
    }

    /// @param listener what it throws, deleting throws
    void beforeDelete(Consumer<Path> listener) {
        beforeDelete = listener;
    }

    @Override
    public IoFile create(Path file) {
        if (full) {
            throw new WalException.Io("fallocate", file, ENOSPC, "no space left on device");
        }
        return real.create(file);
    }

    @Override
    public IoFile open(Path file, Access access) {
        return real.open(file, access);
    }

    @Override
    public IoFile openDirect(Path file, WriteSync sync) {
        return real.openDirect(file, sync);
    }

    @Override
    public void createDirectory(Path directory) {
        real.createDirectory(directory);
    }

    @Override
    public boolean exists(Path path) {
        return real.exists(path);
    }

    @Override
    public List<String> list(Path directory) {
        return real.list(directory);
    }

    @Override
    public void rename(Path from, Path to) {
        real.rename(from, to);
    }

    @Override
    public void delete(Path file) {
        beforeDelete.accept(file);
        real.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) {
        real.syncDirectory(directory);
    }

    @Override
    public long usableBytes(Path directory) {
        return real.usableBytes(directory);
    }

    @Override
    public Optional<FileLock> tryLock(Path file) {
        Optional<FileLock> lock = real.tryLock(file);
        lock.ifPresent(_ -> locksTaken.incrementAndGet());
        return lock;
    }

    @Override
    public boolean isLocked(Path file) {
        return real.isLocked(file);
    }
}

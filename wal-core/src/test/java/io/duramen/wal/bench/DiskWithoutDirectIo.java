package io.duramen.wal.bench;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A disk that opens no file past the page cache; all else the one behind it does.
record DiskWithoutDirectIo(Disk behind) implements Disk {
    @Override
    public IoFile openDirect(Path file, WriteSync sync) {
        throw new WalException.Unsupported("no direct I/O here");
    }

    @Override
    public IoFile open(Path file, Access access) {
        return behind.open(file, access);
    }

    @Override
    public IoFile create(Path file) {
        return behind.create(file);
    }

    @Override
    public void createDirectory(Path directory) {
        behind.createDirectory(directory);
    }

    @Override
    public boolean exists(Path path) {
        return behind.exists(path);
    }

    @Override
    public List<String> list(Path directory) {
        return behind.list(directory);
    }

    @Override
    public void rename(Path from, Path to) {
        behind.rename(from, to);
    }

    @Override
    public void delete(Path file) {
        behind.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) {
        behind.syncDirectory(directory);
    }

    @Override
    public long usableBytes(Path directory) {
        return behind.usableBytes(directory);
    }

    @Override
    public Optional<FileLock> tryLock(Path file) {
        return behind.tryLock(file);
    }

    @Override
    public boolean isLocked(Path file) {
        return behind.isLocked(file);
    }
}

package io.duramen.wal.log;

import io.duramen.wal.io.AccessAdvice;
import io.duramen.wal.io.CopyResult;
import io.duramen.wal.io.DirectAlignment;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.MappingAdvice;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.DescriptorOwner;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A disk on which giving a file its blocks, or a new name, or listing fails when told to; all else
/// the one behind it does.
record FaultyDisk(Disk behind, Faults faults) implements Disk {
    @Override
    public IoFile open(Path file, Access access) {
        return new FaultyFile(behind.open(file, access), faults);
    }

    @Override
    public IoFile openDirect(Path file, WriteSync sync) {
        return new FaultyFile(behind.openDirect(file, sync), faults);
    }

    @Override
    public IoFile create(Path file) {
        return new FaultyFile(behind.create(file), faults);
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
        faults.seen(Faults.Kind.LIST, directory, 0).ifPresent(failure -> {
            throw failure;
        });
        return behind.list(directory);
    }

    @Override
    public void rename(Path from, Path to) {
        faults.seen(Faults.Kind.RENAME, to, 0).ifPresent(failure -> {
            throw failure;
        });
        behind.rename(from, to);
    }

    @Override
    public void delete(Path file) {
        behind.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) {
        faults.seen(Faults.Kind.SYNC, directory, 0).ifPresent(failure -> {
            throw failure;
        });
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

    private record FaultyFile(IoFile behind, Faults faults) implements IoFile, DescriptorOwner {
        @Override
        public Descriptor descriptor() {
            return ((DescriptorOwner) behind).descriptor();
        }

        @Override
        public Path path() {
            return behind.path();
        }

        @Override
        public long sizeBytes() {
            return behind.sizeBytes();
        }

        @Override
        public void allocate(long offset, long lengthBytes) {
            faults.seen(Faults.Kind.ALLOCATE, path(), offset).ifPresent(failure -> {
                throw failure;
            });
            behind.allocate(offset, lengthBytes);
        }

        @Override
        public void reserve(long offset, long lengthBytes) {
            faults.seen(Faults.Kind.ALLOCATE, path(), offset).ifPresent(failure -> {
                throw failure;
            });
            behind.reserve(offset, lengthBytes);
        }

        @Override
        public void zero(long offset, long lengthBytes) {
            behind.zero(offset, lengthBytes);
        }

        @Override
        public void resize(long sizeBytes) {
            behind.resize(sizeBytes);
        }

        @Override
        public long punchHole(long offset, long lengthBytes) {
            return behind.punchHole(offset, lengthBytes);
        }

        @Override
        public void share() {
            behind.share();
        }

        @Override
        public long dataFrom(long offset) {
            return behind.dataFrom(offset);
        }

        @Override
        public boolean mayBeShared() {
            return behind.mayBeShared();
        }

        @Override
        public CopyResult copyTo(long offset, long lengthBytes, IoFile target, long targetOffset) {
            return behind.copyTo(offset, lengthBytes, ((FaultyFile) target).behind, targetOffset);
        }

        @Override
        public boolean advise(long offset, long lengthBytes, AccessAdvice advice) {
            return behind.advise(offset, lengthBytes, advice);
        }

        @Override
        public boolean startWriteback(long offset, long lengthBytes) {
            return behind.startWriteback(offset, lengthBytes);
        }

        @Override
        public MemorySegment map(Mapping mode, long offset, long sizeBytes, Arena arena) {
            return behind.map(mode, offset, sizeBytes, arena);
        }

        @Override
        public boolean advise(MemorySegment mapping, long offset, long lengthBytes,
                MappingAdvice advice) {
            return behind.advise(mapping, offset, lengthBytes, advice);
        }

        @Override
        public DirectAlignment directAlignment() {
            return behind.directAlignment();
        }

        @Override
        public void close() {
            behind.close();
        }
    }
}

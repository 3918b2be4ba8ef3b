package io.duramen.wal.io.posix;

import io.duramen.wal.io.AccessAdvice;
import io.duramen.wal.io.CopyResult;
import io.duramen.wal.io.DirectAlignment;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.MappingAdvice;
import io.duramen.wal.os.CacheCalls;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.DescriptorOwner;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.FileStatus;
import io.duramen.wal.os.MappingCalls;
import io.duramen.wal.os.SpaceCalls;
import io.duramen.wal.os.WholeFileLock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// A file behind a descriptor.
final class PosixFile implements IoFile, DescriptorOwner {
    private final Descriptor descriptor;

    private final DirectAlignment alignment;
    private final FileSpace space;

    PosixFile(Descriptor descriptor, DirectAlignment alignment) {
        this.descriptor = descriptor;
        this.alignment = alignment;
        this.space = new FileSpace(descriptor, alignment);
    }

    @Override
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public Path path() {
        return descriptor.path();
    }

    @Override
    public long sizeBytes() {
        return FileStatus.of(descriptor).sizeBytes();
    }

    @Override
    public void allocate(long offset, long lengthBytes) {
        space.allocate(offset, lengthBytes);
    }

    @Override
    public void reserve(long offset, long lengthBytes) {
        space.reserve(offset, lengthBytes);
    }

    @Override
    public void zero(long offset, long lengthBytes) {
        space.zero(offset, lengthBytes);
    }

    @Override
    public void resize(long sizeBytes) {
        descriptor.call("ftruncate", fd -> SpaceCalls.ftruncate(fd, sizeBytes));
    }

    @Override
    public long punchHole(long offset, long lengthBytes) {
        return space.punchHole(offset, lengthBytes);
    }

    @Override
    public long dataFrom(long offset) {
        return space.dataFrom(offset);
    }

    @Override
    public CopyResult copyTo(long offset, long lengthBytes, IoFile target, long targetOffset) {
        if (!(target instanceof PosixFile other)) {
            throw new IllegalArgumentException(
                    target.path() + " was not opened by the disk of " + path());
        }
        if (alignment != DirectAlignment.NONE || other.alignment != DirectAlignment.NONE) {
            throw new IllegalArgumentException("a copy from " + path() + " to " + target.path()
                    + " goes through the page cache, and one of them is open past it");
        }
        descriptor.use();
        try {
            other.descriptor.use();
            try {
                return FileCopy.byKernel(new FileCopy(descriptor, offset, lengthBytes,
                        other.descriptor, targetOffset), descriptor, other.descriptor);
            } finally {
                other.descriptor.endUse();
            }
        } finally {
            descriptor.endUse();
        }
    }

    @Override
    public boolean advise(long offset, long lengthBytes, AccessAdvice advice) {
        int number = switch (advice) {
            case SEQUENTIAL -> CacheCalls.POSIX_FADV_SEQUENTIAL;
            case RANDOM -> CacheCalls.POSIX_FADV_RANDOM;
            case DONT_NEED -> CacheCalls.POSIX_FADV_DONTNEED;
        };
        return isKnown("posix_fadvise", descriptor.attempt(
                fd -> CacheCalls.posixFadvise(fd, offset, lengthBytes, number)));
    }

    @Override
    public boolean startWriteback(long offset, long lengthBytes) {
        return isKnown("sync_file_range", descriptor.attempt(fd -> CacheCalls.syncFileRange(
                fd, offset, lengthBytes, CacheCalls.SYNC_FILE_RANGE_WRITE)));
    }

    private boolean isKnown(String call, long result) {
        if (result == -Errno.ENOSYS || result == -Errno.EOPNOTSUPP) {
            return false;
        }
        Errno.check(call, path(), result);
        return true;
    }

    @Override
    public void share() {
        WholeFileLock.share(descriptor);
    }

    @Override
    public boolean mayBeShared() {
        return WholeFileLock.isTakenElsewhere(descriptor);
    }

    @Override
    public MemorySegment map(Mapping mode, long offset, long sizeBytes, Arena arena) {
        int protection = switch (mode) {
            case READ_ONLY -> MappingCalls.PROT_READ;
            case READ_WRITE -> MappingCalls.PROT_READ | MappingCalls.PROT_WRITE;
        };
        long address = descriptor.call("mmap", fd -> MappingCalls.mmap(
                sizeBytes, protection, MappingCalls.MAP_SHARED, fd, offset));
        MemorySegment mapping = MappingCalls.own(address, sizeBytes, arena);
        return mode == Mapping.READ_ONLY ? mapping.asReadOnly() : mapping;
    }

    @Override
    public boolean advise(MemorySegment mapping, long offset, long lengthBytes,
            MappingAdvice advice) {
        return PageAdvice.give(path(), mapping, offset, lengthBytes, advice);
    }

    @Override
    public DirectAlignment directAlignment() {
        return alignment;
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return path().toString();
    }
}

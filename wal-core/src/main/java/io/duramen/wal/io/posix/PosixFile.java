package io.duramen.wal.io.posix;

import static io.duramen.wal.os.SpaceCalls.FALLOC_FL_KEEP_SIZE;
import static io.duramen.wal.os.SpaceCalls.FALLOC_FL_PUNCH_HOLE;

import io.duramen.wal.io.IoFile;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.DescriptorOwner;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.FileStatus;
import io.duramen.wal.os.FileSystemSpace;
import io.duramen.wal.os.MappingCalls;
import io.duramen.wal.os.SpaceCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// A file behind a descriptor.
final class PosixFile implements IoFile, DescriptorOwner {
    /// The unit holes are made of. A file system with larger blocks gives back those that fit.
    private static final long HOLE_BLOCK_BYTES = 4096;

    private final Descriptor descriptor;

    PosixFile(Descriptor descriptor) {
        this.descriptor = descriptor;
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
        refuseMoreThanIsFree(lengthBytes);
        long result = descriptor.attempt(
                fd -> SpaceCalls.fallocate(fd, 0, offset, lengthBytes));
        if (result == -Errno.EOPNOTSUPP) {
            AllocationByWriting.allocate(descriptor, offset, lengthBytes);
        } else {
            Errno.check("fallocate", path(), result);
        }
    }

    /// A file system may find out that it has too little only after it gave all it had, and until
    /// the file is deleted nobody else can write: so what cannot succeed is refused beforehand.
    private void refuseMoreThanIsFree(long lengthBytes) {
        FileSystemSpace space = FileSystemSpace.of(descriptor);
        long missingAtLeast = lengthBytes - FileStatus.of(descriptor).allocatedBytes();
        if (space.hasLimit() && missingAtLeast > space.freeBytes()) {
            throw Errno.failure("fallocate", path(), Errno.ENOSPC);
        }
    }

    @Override
    public void resize(long sizeBytes) {
        descriptor.call("ftruncate", fd -> SpaceCalls.ftruncate(fd, sizeBytes));
    }

    @Override
    public long punchHole(long offset, long lengthBytes) {
        long start = Math.ceilDiv(offset, HOLE_BLOCK_BYTES) * HOLE_BLOCK_BYTES;
        long end = Math.addExact(offset, lengthBytes) / HOLE_BLOCK_BYTES * HOLE_BLOCK_BYTES;
        if (end <= start) {
            descriptor.call("fallocate", _ -> 0); // a closed file is reported all the same
            return 0;
        }
        long result = descriptor.attempt(fd -> SpaceCalls.fallocate(
                fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, start, end - start));
        if (result == -Errno.EOPNOTSUPP || result == -Errno.ENOSPC) {
            return 0; // a hole may need a block for the file's map, which a full disk has not
        }
        Errno.check("fallocate", path(), result);
        return end - start;
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
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return path().toString();
    }
}

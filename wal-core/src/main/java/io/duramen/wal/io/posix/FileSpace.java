package io.duramen.wal.io.posix;

import static io.duramen.wal.os.SpaceCalls.FALLOC_FL_KEEP_SIZE;
import static io.duramen.wal.os.SpaceCalls.FALLOC_FL_PUNCH_HOLE;
import static io.duramen.wal.os.SpaceCalls.FALLOC_FL_ZERO_RANGE;

import io.duramen.wal.WalException;
import io.duramen.wal.io.DirectAlignment;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.FileStatus;
import io.duramen.wal.os.FileSystemSpace;
import io.duramen.wal.os.FileSystemType;
import io.duramen.wal.os.SpaceCalls;
import java.util.Set;

/// The blocks of a file: fallocate(2) in its modes, and what is done where a file system lacks one.
record FileSpace(Descriptor descriptor, DirectAlignment alignment) {
    /// The unit holes are made of. Of a file system with larger blocks those that fit come back.
    private static final long HOLE_BLOCK_BYTES = 4096;

    /// File systems that are relied on to count what is only in the page cache as data. Others have
    /// not always done so: see OpenZFS issue 15526.
    private static final Set<String> TELL_DATA = Set.of("ext4", "xfs", "tmpfs");

    void allocate(long offset, long lengthBytes) {
        refuseMoreThanIsFree(lengthBytes);
        if (!fallocate(0, offset, lengthBytes)) {
            new SpaceByWriting(descriptor, alignment).allocate(offset, lengthBytes);
        }
    }

    void reserve(long offset, long lengthBytes) {
        refuseMoreThanIsFree(lengthBytes);
        if (!fallocate(FALLOC_FL_KEEP_SIZE, offset, lengthBytes)) {
            throw new WalException.Unsupported("the file system of " + descriptor.path() + " ("
                    + FileSystemType.of(descriptor).name()
                    + ") cannot give it blocks without making it longer");
        }
    }

    void zero(long offset, long lengthBytes) {
        if (!fallocate(FALLOC_FL_ZERO_RANGE, offset, lengthBytes)) {
            new SpaceByWriting(descriptor, alignment).zero(offset, lengthBytes);
        }
    }

    long punchHole(long offset, long lengthBytes) {
        long start = Math.ceilDiv(offset, HOLE_BLOCK_BYTES) * HOLE_BLOCK_BYTES;
        long end = Math.addExact(offset, lengthBytes) / HOLE_BLOCK_BYTES * HOLE_BLOCK_BYTES;
        long before = FileStatus.of(descriptor).allocatedBytes();
        if (end <= start || !punch(start, end - start)) {
            return 0;
        }
        long after = FileStatus.of(descriptor).allocatedBytes();
        return Math.clamp(before - after, 0, end - start);
    }

    long dataFrom(long offset) {
        long found = descriptor.attempt(fd -> SpaceCalls.lseek(fd, offset, SpaceCalls.SEEK_DATA));
        if (found == offset || !TELL_DATA.contains(FileSystemType.of(descriptor).name())) {
            return offset;
        }
        return found == -Errno.ENXIO ? Math.max(offset, FileStatus.of(descriptor).sizeBytes())
                : Errno.check("lseek", descriptor.path(), found);
    }

    /// @return false where the file system does not know holes, or has no room for one: it may need
    ///     a block for the file's map
    private boolean punch(long offset, long lengthBytes) {
        try {
            return fallocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, lengthBytes);
        } catch (WalException.Io failure) {
            if (failure.errno() == Errno.ENOSPC) {
                return false;
            }
            throw failure;
        }
    }

    /// A file system may find out that it has too little only after it gave all it had, and until
    /// the file is deleted nobody else can write: so what cannot succeed is refused beforehand.
    private void refuseMoreThanIsFree(long lengthBytes) {
        FileSystemSpace space = FileSystemSpace.of(descriptor);
        long missingAtLeast = lengthBytes - FileStatus.of(descriptor).allocatedBytes();
        if (space.hasLimit() && missingAtLeast > space.freeBytes()) {
            throw Errno.failure("fallocate", descriptor.path(), Errno.ENOSPC);
        }
    }

    /// @return false where the file system does not know the mode
    private boolean fallocate(int mode, long offset, long lengthBytes) {
        long result = descriptor.attempt(
                fd -> SpaceCalls.fallocate(fd, mode, offset, lengthBytes));
        if (result == -Errno.EOPNOTSUPP) {
            return false;
        }
        Errno.check("fallocate", descriptor.path(), result);
        return true;
    }
}

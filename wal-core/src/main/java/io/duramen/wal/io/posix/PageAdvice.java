package io.duramen.wal.io.posix;

import io.duramen.wal.WalException;
import io.duramen.wal.io.MappingAdvice;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.MappingCalls;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;

/// Passes advice about mappings on to the kernel.
final class PageAdvice {
    private PageAdvice() {}

    /// See [io.duramen.wal.io.IoFile#advise]
    static boolean give(Path file, MemorySegment mapping, long offset, long lengthBytes,
            MappingAdvice advice) {
        Objects.checkFromIndexSize(offset, lengthBytes, mapping.byteSize());
        long page = MappingCalls.pageBytes();
        if (!mapping.isNative() || mapping.address() % page != 0) {
            throw new IllegalArgumentException("advice on " + file + " for " + mapping
                    + ", which does not start on a page of " + page + " bytes of a mapping");
        }
        long start = offset / page * page;
        MemorySegment range = mapping.asSlice(start, offset + lengthBytes - start);
        long result = Errno.retrying(() -> MappingCalls.madvise(range, number(advice)));
        if (result == -Errno.EINVAL) {
            return false;
        }
        if (result == -Errno.EFAULT) {
            throw new WalException.Io("madvise", file, Errno.EFAULT, "a page of its mapping cannot"
                    + " be made present: the disk is full, the device failed, or the file ends"
                    + " before the page");
        }
        Errno.check("madvise", file, result);
        return true;
    }

    private static int number(MappingAdvice advice) {
        return switch (advice) {
            case SEQUENTIAL -> MappingCalls.MADV_SEQUENTIAL;
            case RANDOM -> MappingCalls.MADV_RANDOM;
            case DONT_NEED -> MappingCalls.MADV_DONTNEED;
            case POPULATE_READ -> MappingCalls.MADV_POPULATE_READ;
            case POPULATE_WRITE -> MappingCalls.MADV_POPULATE_WRITE;
        };
    }
}

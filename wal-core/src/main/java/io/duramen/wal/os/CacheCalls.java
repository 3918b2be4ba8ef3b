package io.duramen.wal.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Files in the page cache. Failures are negative error numbers.
public final class CacheCalls {
    // linux/fadvise.h
    public static final int POSIX_FADV_RANDOM = 1;
    public static final int POSIX_FADV_SEQUENTIAL = 2;
    public static final int POSIX_FADV_DONTNEED = 4;

    // linux/fs.h
    public static final int SYNC_FILE_RANGE_WRITE = 2;

    private static final MethodHandle POSIX_FADVISE = Libc.function("posix_fadvise",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SYNC_FILE_RANGE = Libc.function("sync_file_range",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    private CacheCalls() {}

    /// The C function returns the error number and leaves errno alone.
    public static int posixFadvise(int fd, long offset, long length, int advice) {
        MemorySegment state = Libc.callState();
        try {
            return -(int) POSIX_FADVISE.invokeExact(state, fd, offset, length, advice);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    public static int syncFileRange(int fd, long offset, long length, int flags) {
        MemorySegment state = Libc.callState();
        try {
            int result = (int) SYNC_FILE_RANGE.invokeExact(state, fd, offset, length, flags);
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }
}

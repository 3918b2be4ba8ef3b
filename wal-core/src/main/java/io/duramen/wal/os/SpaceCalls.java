package io.duramen.wal.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A file's length and blocks, and the file system's. Failures are negative error numbers.
public final class SpaceCalls {
    // linux/falloc.h
    public static final int FALLOC_FL_KEEP_SIZE = 0x01;
    public static final int FALLOC_FL_PUNCH_HOLE = 0x02;
    public static final int FALLOC_FL_ZERO_RANGE = 0x10;

    // linux/fs.h
    public static final int SEEK_DATA = 3;

    // linux/fcntl.h
    private static final int AT_EMPTY_PATH = 0x1000;

    private static final MethodHandle FTRUNCATE = Libc.function("ftruncate",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle LSEEK = Libc.function("lseek",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle FALLOCATE = Libc.function("fallocate",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle STATX = Libc.function("statx",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle FSTATFS = Libc.function("fstatfs",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle FSTATVFS = Libc.function("fstatvfs",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));

    /// Not in every C library.
    private static final boolean HAS_COPY_FILE_RANGE = Libc.has("copy_file_range");
    private static final MethodHandle COPY_FILE_RANGE = Libc.function("copy_file_range",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG,
                    JAVA_INT));

    private static final MemorySegment EMPTY_PATH = Arena.global().allocate(1);

    private SpaceCalls() {}

    public static int ftruncate(int fd, long length) {
        MemorySegment state = Libc.callState();
        try {
            return Libc.resultOrErrno((int) FTRUNCATE.invokeExact(state, fd, length), state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// Moves the descriptor's own position, which no other call here uses.
    public static long lseek(int fd, long offset, int whence) {
        MemorySegment state = Libc.callState();
        try {
            return Libc.resultOrErrno((long) LSEEK.invokeExact(state, fd, offset, whence), state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    public static int fallocate(int fd, int mode, long offset, long length) {
        MemorySegment state = Libc.callState();
        try {
            int result = (int) FALLOCATE.invokeExact(state, fd, mode, offset, length);
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// One step of a copy; moves neither file's own position. ENOSYS where the C library has no
    /// such function.
    public static long copyFileRange(int fdIn, long offsetIn, int fdOut, long offsetOut,
            long length) {
        if (!HAS_COPY_FILE_RANGE) {
            return -Errno.ENOSYS;
        }
        MemorySegment state = Libc.callState();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocateFrom(JAVA_LONG, offsetIn);
            MemorySegment out = arena.allocateFrom(JAVA_LONG, offsetOut);
            long result =
                    (long) COPY_FILE_RANGE.invokeExact(state, fdIn, in, fdOut, out, length, 0);
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// Of an open file; [FileStatus] and [DirectIoStatus] read the structure.
    static int statx(int fd, int mask, MemorySegment status) {
        MemorySegment state = Libc.callState();
        try {
            int result = (int) STATX.invokeExact(
                    state, fd, EMPTY_PATH, AT_EMPTY_PATH, mask, status);
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// [FileSystemType] reads the structure.
    static int fstatfs(int fd, MemorySegment status) {
        MemorySegment state = Libc.callState();
        try {
            return Libc.resultOrErrno((int) FSTATFS.invokeExact(state, fd, status), state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// [FileSystemSpace] reads the structure.
    static int fstatvfs(int fd, MemorySegment space) {
        MemorySegment state = Libc.callState();
        try {
            return Libc.resultOrErrno((int) FSTATVFS.invokeExact(state, fd, space), state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }
}

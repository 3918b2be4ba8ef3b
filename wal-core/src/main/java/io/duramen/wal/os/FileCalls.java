package io.duramen.wal.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// Opening, reading, writing, syncing. Failures are negative error numbers.
public final class FileCalls {
    // asm-generic/fcntl.h; the two that depend on the processor are in its own asm/fcntl.h
    public static final int O_RDONLY = 0;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_DSYNC = 0x1000;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_DIRECTORY = Platform.isAarch64() ? 0x4000 : 0x10000;
    public static final int O_TMPFILE = 0x400000 | O_DIRECTORY;
    public static final int O_DIRECT = Platform.isAarch64() ? 0x10000 : 0x4000;

    private static final MethodHandle OPEN = Libc.variadic("open", 2,
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = Libc.function("close",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle PREAD = Libc.function("pread",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PWRITE = Libc.function("pwrite",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle WRITE = Libc.function("write",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle FDATASYNC = Libc.function("fdatasync",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FSYNC = Libc.function("fsync",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FCNTL = Libc.variadic("fcntl", 2,
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));

    private FileCalls() {}

    public static int open(Path path, int flags, int mode) {
        MemorySegment state = Libc.callState();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = Libc.cString(path, arena);
            return Libc.resultOrErrno((int) OPEN.invokeExact(state, name, flags, mode), state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    public static int close(int fd) {
        MemorySegment state = Libc.callState();
        try {
            return Libc.resultOrErrno((int) CLOSE.invokeExact(state, fd), state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    public static long pread(int fd, MemorySegment into, long offset) {
        MemorySegment state = Libc.callState();
        try {
            long result = (long) PREAD.invokeExact(state, fd, into, into.byteSize(), offset);
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    public static long pwrite(int fd, MemorySegment bytes, long offset) {
        MemorySegment state = Libc.callState();
        try {
            long result = (long) PWRITE.invokeExact(state, fd, bytes, bytes.byteSize(), offset);
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// At the descriptor's own position: for what has none, as an eventfd.
    static long write(int fd, MemorySegment bytes) {
        MemorySegment state = Libc.callState();
        try {
            long result = (long) WRITE.invokeExact(state, fd, bytes, bytes.byteSize());
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    public static int fdatasync(int fd) {
        MemorySegment state = Libc.callState();
        try {
            return Libc.resultOrErrno((int) FDATASYNC.invokeExact(state, fd), state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    public static int fsync(int fd) {
        MemorySegment state = Libc.callState();
        try {
            return Libc.resultOrErrno((int) FSYNC.invokeExact(state, fd), state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// With a structure as its third argument, as the lock commands have it.
    public static int fcntl(int fd, int command, MemorySegment argument) {
        MemorySegment state = Libc.callState();
        try {
            int result = (int) FCNTL.invokeExact(state, fd, command, argument);
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }
}

package io.duramen.wal.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The three calls of io_uring(7), for which the C library has no functions, and what opens an
/// eventfd(2). Failures are negative error numbers. The structures that a registration takes are
/// built in [RingRegistrations].
public final class RingCalls {
    // asm-generic/unistd.h, and asm/unistd_64.h of x86_64: one of the few ranges they share
    private static final long IO_URING_SETUP = 425;
    private static final long IO_URING_ENTER = 426;
    private static final long IO_URING_REGISTER = 427;

    // linux/io_uring.h: flags of io_uring_enter
    public static final int IORING_ENTER_GETEVENTS = 1;
    private static final int IORING_ENTER_EXT_ARG = 1 << 3; // Linux 5.11

    // linux/io_uring.h: what io_uring_register is to do, with the Linux version that brought it
    public static final int IORING_REGISTER_BUFFERS = 0;
    public static final int IORING_UNREGISTER_BUFFERS = 1;
    public static final int IORING_UNREGISTER_FILES = 3;
    public static final int IORING_REGISTER_FILES_UPDATE = 6;
    public static final int IORING_REGISTER_PROBE = 8;
    public static final int IORING_REGISTER_ENABLE_RINGS = 12;
    public static final int IORING_REGISTER_FILES2 = 13; // 5.13, sparse 5.19
    public static final int IORING_REGISTER_IOWQ_MAX_WORKERS = 19; // 5.15
    public static final int IORING_REGISTER_SYNC_CANCEL = 24; // 6.0

    // sys/eventfd.h
    private static final int EFD_CLOEXEC = 0x80000;

    private static final MethodHandle SETUP = Libc.variadic("syscall", 1,
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS));
    private static final MethodHandle ENTER = Libc.variadic("syscall", 1,
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG, ADDRESS, JAVA_LONG));
    private static final MethodHandle REGISTER = Libc.variadic("syscall", 1,
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS,
                    JAVA_LONG));
    private static final MethodHandle EVENTFD =
            Libc.function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private RingCalls() {}

    /// @param parameters a [RingParameters]
    /// @return the ring's descriptor
    public static int setup(int entries, MemorySegment parameters) {
        MemorySegment state = Libc.callState();
        try {
            long result = (long) SETUP.invokeExact(
                    state, IO_URING_SETUP, (long) entries, parameters);
            return (int) Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// @return how many submission entries the kernel took
    public static int enter(int fd, int toSubmit, int minComplete, int flags) {
        return enter(fd, toSubmit, minComplete, flags, MemorySegment.NULL, 0);
    }

    /// As [#enter(int, int, int, int)], waiting for so long at most; ETIME says that it was over.
    public static int enter(int fd, int toSubmit, int minComplete, int flags, WaitLimit limit) {
        MemorySegment argument = limit.memory();
        return enter(fd, toSubmit, minComplete, flags | IORING_ENTER_EXT_ARG, argument,
                argument.byteSize());
    }

    private static int enter(int fd, int toSubmit, int minComplete, int flags,
            MemorySegment argument, long argumentBytes) {
        MemorySegment state = Libc.callState();
        try {
            long result = (long) ENTER.invokeExact(state, IO_URING_ENTER, (long) fd,
                    (long) toSubmit, (long) minComplete, (long) flags, argument, argumentBytes);
            return (int) Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    public static int register(int fd, int operation, MemorySegment argument, int count) {
        MemorySegment state = Libc.callState();
        try {
            long result = (long) REGISTER.invokeExact(state, IO_URING_REGISTER, (long) fd,
                    (long) operation, argument, (long) count);
            return (int) Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// A counter that starts at 0; not inherited by child processes.
    public static int eventfd() {
        MemorySegment state = Libc.callState();
        try {
            return Libc.resultOrErrno((int) EVENTFD.invokeExact(state, 0, EFD_CLOEXEC), state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }
}

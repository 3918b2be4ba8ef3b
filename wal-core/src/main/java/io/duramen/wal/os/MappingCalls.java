package io.duramen.wal.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Files in memory, and memory alone. Failures are negative error numbers; no address of a process
/// is negative.
public final class MappingCalls {
    // asm-generic/mman-common.h, linux/mman.h, asm-generic/mman.h
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_SHARED = 1;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_POPULATE = 0x8000;
    public static final int MAP_HUGETLB = 0x40000;
    public static final int MAP_HUGE_2MB = 21 << 26;

    public static final int MADV_RANDOM = 1;
    public static final int MADV_SEQUENTIAL = 2;
    public static final int MADV_DONTNEED = 4;
    public static final int MADV_HUGEPAGE = 14;
    public static final int MADV_POPULATE_READ = 22;
    public static final int MADV_POPULATE_WRITE = 23;

    private static final MethodHandle MMAP = Libc.function("mmap", FunctionDescriptor.of(JAVA_LONG,
            JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = Libc.function("munmap",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

    private static final MethodHandle MADVISE = Libc.function("madvise",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle MLOCK = Libc.function("mlock",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle GETPAGESIZE = Libc.function("getpagesize",
            FunctionDescriptor.of(JAVA_INT));

    private static final int PAGE_BYTES = getpagesize();

    private MappingCalls() {}

    /// The page that addresses of mappings and advice are multiples of; a power of two.
    public static int pageBytes() {
        return PAGE_BYTES;
    }

    private static int getpagesize() {
        try {
            return (int) GETPAGESIZE.invokeExact(Libc.callState());
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// At an address of the kernel's choice.
    public static long mmap(long length, int protection, int flags, int fd, long offset) {
        MemorySegment state = Libc.callState();
        try {
            long result = (long) MMAP.invokeExact(
                    state, 0L, length, protection, flags, fd, offset);
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    public static int munmap(long address, long length) {
        MemorySegment state = Libc.callState();
        try {
            return Libc.resultOrErrno((int) MUNMAP.invokeExact(state, address, length), state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// The range starts on a page. It stays mapped for the duration of the call.
    public static int madvise(MemorySegment range, int advice) {
        MemorySegment state = Libc.callState();
        try {
            int result = (int) MADVISE.invokeExact(state, range, range.byteSize(), advice);
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// The range stays mapped for the duration of the call; its lock ends with the mapping.
    public static int mlock(MemorySegment range) {
        MemorySegment state = Libc.callState();
        try {
            int result = (int) MLOCK.invokeExact(state, range, range.byteSize());
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// Gives a mapping to an arena, which unmaps it when it closes.
    @SuppressWarnings("restricted")
    public static MemorySegment own(long address, long length, Arena arena) {
        try {
            return MemorySegment.ofAddress(address)
                    .reinterpret(length, arena, mapping -> munmap(mapping.address(), length));
        } catch (RuntimeException refused) { // such as an arena that is closed already
            munmap(address, length);
            throw refused;
        }
    }
}

package io.duramen.wal.os;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// The lock over all of a file, exclusive or shared, that belongs to one opening of it: fcntl(2),
/// "open file description locks".
///
/// Unlike the traditional record lock it conflicts between two openings in one process, and does
/// not vanish when some other descriptor of the file is closed. The two kinds conflict with each
/// other.
public final class WholeFileLock {
    // struct flock of 64-bit Linux, asm-generic/fcntl.h
    private static final StructLayout LAYOUT = structLayout(JAVA_SHORT.withName("l_type"),
            JAVA_SHORT.withName("l_whence"), paddingLayout(4), JAVA_LONG.withName("l_start"),
            JAVA_LONG.withName("l_len"), JAVA_INT.withName("l_pid"), paddingLayout(4));
    private static final VarHandle TYPE = LAYOUT.varHandle(groupElement("l_type"));

    // asm-generic/fcntl.h
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;

    private WholeFileLock() {}

    /// Takes the exclusive lock without waiting; the file is open for writing.
    ///
    /// @return false where another opening has a lock
    public static boolean tryTake(Descriptor descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            long result = set(F_WRLCK, descriptor, arena);
            if (result == -Errno.EAGAIN || result == -Errno.EACCES) { // POSIX allows either
                return false;
            }
            Errno.check("fcntl", descriptor.path(), result);
            return true;
        }
    }

    /// Takes a shared lock, which ends with the opening; fails where another opening has the
    /// exclusive one.
    public static void share(Descriptor descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            Errno.check("fcntl", descriptor.path(), set(F_RDLCK, descriptor, arena));
        }
    }

    private static long set(short type, Descriptor descriptor, Arena arena) {
        MemorySegment request = request(type, arena);
        return descriptor.attempt(fd -> FileCalls.fcntl(fd, F_OFD_SETLK, request));
    }

    public static void giveBack(Descriptor descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(F_UNLCK, arena);
            descriptor.call("fcntl", fd -> FileCalls.fcntl(fd, F_OFD_SETLK, request));
        }
    }

    /// Whether [#tryTake(Descriptor)] would be refused; takes nothing, and the file need not be
    /// open for writing.
    public static boolean isTakenElsewhere(Descriptor descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(F_WRLCK, arena);
            descriptor.call("fcntl", fd -> FileCalls.fcntl(fd, F_OFD_GETLK, request));
            return (short) TYPE.get(request, 0L) != F_UNLCK;
        }
    }

    /// Zero start and zero length: from the first byte to the end, wherever that will be.
    private static MemorySegment request(short type, Arena arena) {
        MemorySegment request = arena.allocate(LAYOUT);
        TYPE.set(request, 0L, type);
        return request;
    }
}

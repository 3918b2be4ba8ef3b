package io.duramen.wal.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// Names in directories. Failures are negative error numbers.
public final class NameCalls {
    // linux/fs.h
    public static final int RENAME_NOREPLACE = 1;

    // linux/fcntl.h
    private static final int AT_FDCWD = -100;

    /// Not in every C library.
    private static final boolean HAS_RENAMEAT2 = Libc.has("renameat2");
    private static final MethodHandle RENAMEAT2 = Libc.function("renameat2",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle LINK = Libc.function("link",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle UNLINK = Libc.function("unlink",
            FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle MKDIR = Libc.function("mkdir",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

    private NameCalls() {}

    /// ENOSYS where the C library has no such function.
    public static int renameat2(Path from, Path to, int flags) {
        if (!HAS_RENAMEAT2) {
            return -Errno.ENOSYS;
        }
        MemorySegment state = Libc.callState();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment oldName = Libc.cString(from, arena);
            MemorySegment newName = Libc.cString(to, arena);
            int result = (int) RENAMEAT2.invokeExact(
                    state, AT_FDCWD, oldName, AT_FDCWD, newName, flags);
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    public static int link(Path existing, Path further) {
        MemorySegment state = Libc.callState();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment oldName = Libc.cString(existing, arena);
            MemorySegment newName = Libc.cString(further, arena);
            return Libc.resultOrErrno((int) LINK.invokeExact(state, oldName, newName), state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    public static int unlink(Path file) {
        MemorySegment state = Libc.callState();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = Libc.cString(file, arena);
            return Libc.resultOrErrno((int) UNLINK.invokeExact(state, name), state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    public static int mkdir(Path directory, int mode) {
        MemorySegment state = Libc.callState();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = Libc.cString(directory, arena);
            return Libc.resultOrErrno((int) MKDIR.invokeExact(state, name, mode), state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }
}

package io.duramen.wal.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.duramen.wal.WalException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongSupplier;

/// Error numbers of Linux (`asm-generic/errno-base.h`, `errno.h`; the same on x86_64 and aarch64).
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENOTDIR = 20;
    public static final int EINVAL = 22;
    public static final int EMFILE = 24;
    public static final int ENOSPC = 28;
    public static final int ENOSYS = 38;
    public static final int ETIME = 62;
    public static final int EOPNOTSUPP = 95;
    public static final int ECANCELED = 125;

    private static final String[] FROM_ONE = ("EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC"
            + " EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR"
            + " EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE"
            + " EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP").split(" ");
    private static final Map<Integer, String> FURTHER = Map.of(62, "ETIME", 75, "EOVERFLOW",
            95, "EOPNOTSUPP", 105, "ENOBUFS", 110, "ETIMEDOUT", 116, "ESTALE", 121, "EREMOTEIO",
            122, "EDQUOT", 125, "ECANCELED");

    private static final MethodHandle STRERROR =
            Libc.function("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

    /// Room for the longest text a translation may have.
    private static final long WORDS_BYTES_MAX = 1024;

    private Errno() {}

    /// The exception for a call that failed.
    public static WalException.Io failure(String call, Path path, int errno) {
        return new WalException.Io(call, path, errno, describe(errno));
    }

    /// Passes a result on, or throws the exception for the error number it is.
    public static long check(String call, Path path, long result) {
        if (result < 0) {
            throw failure(call, path, (int) -result);
        }
        return result;
    }

    /// Repeats a call for as long as a signal breaks it off.
    public static long retrying(LongSupplier call) {
        long result;
        do {
            result = call.getAsLong();
        } while (result == -EINTR);
        return result;
    }

    /// Name and words, such as `ENOSPC: No space left on device`.
    public static String describe(int errno) {
        String words = strerror(errno);
        String name = errno >= 1 && errno <= FROM_ONE.length
                ? FROM_ONE[errno - 1] : FURTHER.get(errno);
        return name == null ? words : name + ": " + words;
    }

    @SuppressWarnings("restricted")
    static String strerror(int errno) {
        try {
            MemorySegment words = (MemorySegment) STRERROR.invokeExact(Libc.callState(), errno);
            return words.reinterpret(WORDS_BYTES_MAX).getString(0);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }
}

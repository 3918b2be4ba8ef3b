package io.duramen.wal.io.uring;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.duramen.wal.WalException;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.Platform;
import io.duramen.wal.os.SubmissionEntry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// Whether io_uring can be used here, found out by opening a ring and asking the kernel.
///
/// @param obstacle one sentence that says why it cannot, empty where it can
public record RingProbe(Optional<String> obstacle) {
    private static final Path SWITCH = Path.of("/proc/sys/kernel/io_uring_disabled");
    private static final String INSTEAD = "; the posix driver does the same work";

    // struct io_uring_probe and io_uring_probe_op, linux/io_uring.h: a header of 16 bytes, then 8
    // bytes for each operation, the flags in the third and fourth of them
    private static final int PROBED_OPERATIONS = 64;
    private static final long TABLE_HEADER_BYTES = 16;
    private static final long TABLE_ROW_BYTES = 8;
    private static final long ROW_FLAGS = 2;
    static final long TABLE_BYTES = TABLE_HEADER_BYTES + PROBED_OPERATIONS * TABLE_ROW_BYTES;
    private static final int IO_URING_OP_SUPPORTED = 1;

    private static final SortedMap<Byte, String> NEEDED = new TreeMap<>(Map.of(
            SubmissionEntry.IORING_OP_NOP, "NOP", SubmissionEntry.IORING_OP_READV, "READV",
            SubmissionEntry.IORING_OP_WRITEV, "WRITEV", SubmissionEntry.IORING_OP_FSYNC, "FSYNC",
            SubmissionEntry.IORING_OP_READ_FIXED, "READ_FIXED",
            SubmissionEntry.IORING_OP_WRITE_FIXED, "WRITE_FIXED",
            SubmissionEntry.IORING_OP_FALLOCATE, "FALLOCATE",
            SubmissionEntry.IORING_OP_READ, "READ", SubmissionEntry.IORING_OP_WRITE, "WRITE"));

    /// Opens a ring of this size, and gives it back.
    public static RingProbe of(UringSchedulerSettings settings) {
        return of(settings.ringEntries(), Ring::open, RingProbe::disabledSwitch);
    }

    /// As [#of(UringSchedulerSettings)], with another kernel.
    static RingProbe of(int ringEntries, IntFunction<Ring> kernel,
            Supplier<String> disabledSwitch) {
        try (Ring _ = open(ringEntries, kernel, disabledSwitch)) {
            return new RingProbe(Optional.empty());
        } catch (UnsupportedOperationException obstacle) {
            return new RingProbe(Optional.of(obstacle.getMessage()));
        }
    }

    /// Opens a ring that can do all that is asked of it.
    ///
    /// @throws UnsupportedOperationException with the obstacle, where there is one
    static Ring open(int ringEntries) {
        return open(ringEntries, Ring::open, RingProbe::disabledSwitch);
    }

    private static Ring open(int ringEntries, IntFunction<Ring> kernel,
            Supplier<String> disabledSwitch) {
        try {
            Platform.requireSupported();
            Ring ring = kernel.apply(ringEntries);
            try {
                requireOperations(ring);
                return ring;
            } catch (RuntimeException | Error failed) {
                ring.close();
                throw failed;
            }
        } catch (WalException.Io refused) {
            throw obstacle(reason(refused.errno(), disabledSwitch.get()) + INSTEAD, refused);
        } catch (UnsupportedOperationException elsewhere) {
            throw obstacle(elsewhere.getMessage(), elsewhere);
        }
    }

    public boolean isReady() {
        return obstacle.isEmpty();
    }

    private static UnsupportedOperationException obstacle(String why, Throwable cause) {
        return new UnsupportedOperationException("io_uring cannot be used: " + why, cause);
    }

    private static void requireOperations(Ring ring) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = arena.allocate(TABLE_BYTES, Long.BYTES);
            ring.probe(table, PROBED_OPERATIONS);
            List<String> missing = missing(table);
            if (!missing.isEmpty()) {
                throw new UnsupportedOperationException("the kernel, "
                        + System.getProperty("os.version") + ", does not know its operations "
                        + String.join(", ", missing) + INSTEAD);
            }
        }
    }

    /// The operations that are needed and that a `struct io_uring_probe` does not name.
    static List<String> missing(MemorySegment table) {
        return NEEDED.entrySet().stream().filter(needed -> !isSupported(table, needed.getKey()))
                .map(Map.Entry::getValue).toList();
    }

    private static boolean isSupported(MemorySegment table, byte operation) {
        long flags = TABLE_HEADER_BYTES + operation * TABLE_ROW_BYTES + ROW_FLAGS;
        return (table.get(JAVA_SHORT, flags) & IO_URING_OP_SUPPORTED) != 0;
    }

    private static String reason(int errno, String disabledSwitch) {
        return switch (errno) {
            case Errno.ENOSYS -> "the kernel has none, or a seccomp filter hides it as some"
                    + " containers do";
            case Errno.EPERM -> disabledSwitch.equals("0") || disabledSwitch.isEmpty()
                    ? "a seccomp filter forbids it, as containers do by default"
                    : SWITCH + " is " + disabledSwitch + ", which forbids it"
                            + (disabledSwitch.equals("1") ? " without CAP_SYS_ADMIN" : "");
            case Errno.EINVAL -> "it needs Linux 6.1 or newer, this is "
                    + System.getProperty("os.version");
            case Errno.ENOMEM -> "the kernel has no memory for the ring, or the limit on locked"
                    + " memory (ulimit -l) is too small";
            default -> Errno.describe(errno);
        };
    }

    private static String disabledSwitch() {
        try {
            return Files.readString(SWITCH).strip();
        } catch (IOException absent) { // before Linux 6.6
            return "";
        }
    }
}

package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.posix.PosixScheduler;
import io.duramen.wal.io.posix.PosixSchedulerSettings;
import io.duramen.wal.io.uring.RingProbe;
import io.duramen.wal.io.uring.UringScheduler;
import io.duramen.wal.io.uring.UringSchedulerSettings;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/// How bytes are moved, as settings ask for it.
public enum IoDriver {
    /// io_uring where the machine offers it, else system calls; the choice says why.
    AUTO,
    /// io_uring, or a refusal that says why not. Single operations go by system calls here too,
    /// where these are quicker: see [UringScheduler].
    IO_URING,
    /// System calls on a few threads; runs anywhere.
    POSIX;

    private static final int WAITING_CHAINS_MAX = 4096;
    private static final UringSchedulerSettings RING =
            new UringSchedulerSettings(256, WAITING_CHAINS_MAX);

    /// What was chosen.
    ///
    /// @param driver [#IO_URING] or [#POSIX]
    /// @param reason a sentence for people
    public record Choice(IoDriver driver, String reason) {
        /// Opens a scheduler of the driver chosen.
        ///
        /// @param threads that wait for the disk, with the posix driver
        /// @param buffers memory that operations will mostly be about; the ring makes it known to
        ///     the kernel
        IoScheduler open(int threads, MemorySegment buffers) {
            return driver == IO_URING ? UringScheduler.create(RING, buffers)
                    : PosixScheduler
                            .create(new PosixSchedulerSettings(threads, WAITING_CHAINS_MAX));
        }
    }

    /// @param name as settings spell it: `auto`, `io_uring` or `posix`
    /// @throws IllegalArgumentException for anything else
    public static IoDriver named(String name) {
        for (IoDriver driver : values()) {
            if (driver.toString().equals(name)) {
                return driver;
            }
        }
        throw new IllegalArgumentException(
                "there is no I/O driver \"" + name + "\", there are auto, io_uring and posix");
    }

    /// Looks what the machine offers.
    ///
    /// @throws WalException.Unsupported when io_uring is asked for and cannot be used
    public Choice choose() {
        return this == POSIX ? new Choice(POSIX, "I/O driver posix, as configured")
                : choose(RingProbe.of(RING));
    }

    /// As [#choose()], with what a probe found.
    Choice choose(RingProbe probe) {
        if (probe.isReady()) {
            return new Choice(IO_URING,
                    (this == AUTO ? "I/O driver io_uring: this machine offers it"
                            : "I/O driver io_uring, as configured")
                            + "; single operations by system calls, where these are quicker");
        }
        String obstacle = probe.obstacle().orElseThrow();
        if (this == IO_URING) {
            throw new WalException.Unsupported("the I/O driver io_uring is configured and"
                    + " cannot be used: " + obstacle + "; configure auto or posix");
        }
        return new Choice(POSIX, "I/O driver posix: " + obstacle);
    }

    /// The name as settings spell it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

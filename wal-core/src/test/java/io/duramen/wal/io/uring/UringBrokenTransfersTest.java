package io.duramen.wal.io.uring;

import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoModelContract;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.posix.PosixDisk;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;

/// As [UringModelTest], with a kernel that interrupts operations, has no time just now,
/// transfers parts only, and takes no more than 3,000 bytes at once.
class UringBrokenTransfersTest extends IoModelContract {
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    @BeforeAll
    static void requireRing() {
        Rings.require();
    }

    @Override
    protected Disk newDisk() {
        return new PosixDisk();
    }

    @Override
    protected IoScheduler newScheduler(MemorySegment buffers, Random random) {
        return UringScheduler.create(Rings.settings(32), Optional.empty(),
                transfers -> new RingTransfers(transfers.registered(), 3_000,
                        transfers.files(), result -> worse(result, random)));
    }

    /// What did happen is reported as interrupted: nobody could say of a chain that then is given
    /// up what it has done.
    @Override
    protected boolean givesUp() {
        return false;
    }

    private static int worse(int result, Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> result < 0 ? result : -EINTR;
            case 1 -> result > 0 ? -EAGAIN : result;
            case 2 -> result > 1 ? 1 + random.nextInt(result - 1) : result;
            default -> result;
        };
    }
}

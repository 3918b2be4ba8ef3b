package io.duramen.wal.io.uring;

import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoModelContract;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.posix.PosixDisk;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;

/// As [UringModelTest], with plain calls where these are quicker, and with files that find no
/// place.
class UringQuickestModelTest extends IoModelContract {
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
        return UringScheduler.create(
                new UringSchedulerSettings(16, 1000).withRegisteredFilesMax(1), buffers);
    }
}
